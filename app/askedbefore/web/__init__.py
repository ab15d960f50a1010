"""What readers see: `page` builds it, `render` makes its HTML, `live` keeps to the newest index, `server` serves it."""
