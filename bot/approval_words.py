"""How rules and wording stand, in the words of the command line."""

from alliance.approval import Signed, Standing

_SAYS = {
    Standing.APPROVED: "approved by {by} on {on}",
    Standing.NEVER: "not yet approved by your clinic",
    Standing.CHANGED: "not yet approved by your clinic: changed since {by} approved it on {on}",
    Standing.WITHDRAWN: "not yet approved by your clinic: withdrawn by {by} on {on}",
}


def say_standing(signed: Signed) -> str:
    """One clause: approved by whom and when, or why it is not."""
    by, on = (signed.signature.by, signed.signature.on) if signed.signature else ("", "")
    return _SAYS[signed.standing].format(by=by, on=on)
