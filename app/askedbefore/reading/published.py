"""What of a WordPress export readers may see. What does not clearly say that it is public, is not taken for it."""

import re

from askedbefore.reading.wxr import CUT, RUN_TOGETHER, UNCLEAR, Record, number_of

PUBLIC_TYPES = {"post", "page"}
NO_POST = "a picture, menu or other item that is no post"
_OTHER_TYPES = {
    "feedback": "a message sent through a form",
    "flamingo_inbound": "a message sent through a form",
    "forum": "a page of a forum",
    "topic": "a page of a forum",
    "reply": "a page of a forum",
    "product": "a product of a shop",
    "product_variation": "a product of a shop",
    "shop_coupon": "a coupon of a shop",
}
_PARTS_OF_THE_SITE = re.compile(
    r"|attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request|elementor_library"
    r"|amp_validated_url|(?:wp|jp|acf|wpcf7|elementor|et|fl|sp|um)[_-].*"
)
_NOT_PUBLISHED = {
    "draft": "a draft",
    "auto-draft": "a draft",
    "private": "a private post",
    "future": "a post scheduled for later",
    "pending": "a post waiting for review",
    "trash": "a post in the bin",
    "": "a post that does not say whether it is published",
}
_APPROVED = {"1", "approve", "approved"}
_NOT_APPROVED = {
    "0": "a comment waiting for approval",
    "hold": "a comment waiting for approval",
    "spam": "spam",
    "trash": "a comment in the bin",
    "post-trashed": "a comment in the bin",
}
_PINGBACKS = {"pingback", "trackback", "webmention", "pingback:", "mention"}
_DAMAGED = {
    CUT: "that the damaged file breaks off in",
    RUN_TOGETHER: "that damage has run together with what follows",
    UNCLEAR: "that damage hides from whom it was kept",
}


def why_withheld(item: Record, has_passwords: bool) -> str | None:
    """Say why an item is not for readers, or return None.

    `has_passwords` says that the export has a field for passwords; an item without it is damaged.
    """
    if item.damage:
        return f"an item {_DAMAGED[item.damage]}"
    fields = item.fields
    status, kind = fields.get("wp:status", ""), fields.get("wp:post_type", "")
    if kind not in PUBLIC_TYPES:
        return _other_type(kind)
    if status != "publish":
        return _NOT_PUBLISHED.get(status, "a post that is not published")
    if fields.get("restricted", "everybody") not in ("", "everybody"):
        return "a post for subscribers only"
    if fields.get("wp:post_password", "unreadable" if has_passwords else ""):
        return "a password-protected post"
    return None


def why_comment_withheld(comment: Record) -> str | None:
    """Say why a comment is not for readers, or return None."""
    if comment.damage:
        return f"a comment {_DAMAGED[comment.damage]}"
    kind = comment.fields.get("wp:comment_type", "").lower()
    if kind in _PINGBACKS:
        return "a pingback"
    if kind.startswith("social-"):
        return "a message from a social network"
    if kind not in ("", "comment"):
        return "a message that is no comment"
    approved = comment.fields.get("wp:comment_approved", "")
    return None if approved in _APPROVED else _NOT_APPROVED.get(approved, "a comment that is not approved")


def item_place(item: Record) -> str:
    """Say which item it is by type and number, else by line: nothing else of it is certain not to be private."""
    number, kind = number_of(item.fields, "wp:post_id"), item.fields.get("wp:post_type", "")
    if not number or item.damage:
        return f"the item at line {item.line:,}"
    return f"{kind if _is_type(kind) else 'item'} {number}"


def _other_type(kind: str) -> str:
    """Say what an item is that is neither post nor page."""
    if kind in _OTHER_TYPES:
        return _OTHER_TYPES[kind]
    if kind.startswith("shop_"):
        return "an order of a shop"
    if _PARTS_OF_THE_SITE.fullmatch(kind) or not _is_type(kind):
        return NO_POST
    return f"an item of the type {kind}, which is neither post nor page"


def _is_type(kind: str) -> bool:
    """Say whether this can be the name of a type; WordPress allows 20 letters."""
    return bool(re.fullmatch(r"[a-z0-9_-]{1,20}", kind))
