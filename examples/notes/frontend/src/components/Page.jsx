// @ts-check

/** @import { ReactNode } from "react" */
import { useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import { SITE_NAME } from "../constants";

/**
 * @typedef {object} PageProps
 * @property {string} title
 * @property {ReactNode} [lead] Below the heading.
 * @property {boolean} [isCard] A narrow card in the middle, for a single form.
 * @property {ReactNode} children
 */

/**
 * A page: its title and its heading, to which the keyboard comes when a link leads here.
 *
 * @param {PageProps} props
 */
export default function Page({ title, lead, isCard, children }) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const navigation = useNavigationType();

  useEffect(() => {
    const isElsewhere = document.activeElement === document.body || document.activeElement === null;
    if (navigation !== "POP" && isElsewhere) heading.current?.focus();
  }, [navigation]);

  return (
    <div className={isCard ? "page card" : "page"}>
      <title>{`${title} · ${SITE_NAME}`}</title>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}
