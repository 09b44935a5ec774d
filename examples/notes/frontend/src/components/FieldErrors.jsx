// @ts-check

/**
 * What is wrong with a field, below it; `id` is what the field's `aria-describedby` names.
 *
 * @param {{ id: string; errors: string[] }} props
 */
export default function FieldErrors({ id, errors }) {
  if (errors.length === 0) return null;
  return (
    <ul className="errors" id={id}>
      {errors.map((error) => (
        <li key={error}>{error}</li>
      ))}
    </ul>
  );
}
