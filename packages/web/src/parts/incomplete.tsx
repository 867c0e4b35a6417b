/** Why what is shown does not rest on all that there was. Nothing where it does. */
export function Incomplete(props: { readonly reason: string | null }) {
  if (props.reason === null) return null;
  return <p className="incomplete">{`Incomplete: ${props.reason}`}</p>;
}
