import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import { SITE_NAME } from "../constants";

interface PageProps {
  title: string;
  /** Below the heading. */
  lead?: ReactNode;
  /** A narrow card in the middle, for a single form. */
  isCard?: boolean;
  children: ReactNode;
}

/** A page: its title and its heading, to which the keyboard comes when a link leads here. */
export default function Page({ title, lead, isCard, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement | null>(null);
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
