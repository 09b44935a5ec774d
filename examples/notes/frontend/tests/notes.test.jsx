// @ts-check

import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import NoteCard from "../src/components/NoteCard";

vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);

const note = { id: 1, title: "Milk", content: "Two <b>bottles</b>", created_at: "2025-01-01T00:00:00Z", author: 1 };

let page = document.createElement("div");
let root = createRoot(page);

beforeEach(() => {
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  page.remove();
});

/** @param {Partial<Parameters<typeof NoteCard>[0]>} props */
function show(props) {
  const nothing = () => {};
  const change = async () => {};
  act(() =>
    root.render(
      <NoteCard note={note} isEdited={false} edit={nothing} leave={nothing} change={change} remove={nothing} {...props} />,
    ),
  );
}

test("what somebody wrote is shown as text, never as markup", () => {
  show({});
  expect(page.querySelector(".content")?.textContent).toBe("Two <b>bottles</b>");
  expect(page.querySelector("b")).toBeNull();
});

test("a button says which note it deletes", () => {
  const remove = vi.fn();
  show({ remove });
  const button = page.querySelector("[aria-label='Delete Milk']");
  act(() => button?.dispatchEvent(new MouseEvent("click", { bubbles: true })));
  expect(remove).toHaveBeenCalledTimes(1);
});

test("a note that is edited gives its new words", async () => {
  const change = vi.fn(async () => {});
  show({ isEdited: true, change });
  const title = page.querySelector("[name=title]");
  if (title instanceof HTMLInputElement) title.value = "Cream";
  await act(async () => page.querySelector("form")?.requestSubmit());
  expect(change).toHaveBeenCalledWith({ title: "Cream", content: "Two <b>bottles</b>" });
});
