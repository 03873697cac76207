package assets

import _ "embed" // for the icon

// Icon is the program's icon: the square before a cathedral door, 512 by 512
// pixels, PNG.
//
//go:embed icons/parvis.png
var Icon []byte
