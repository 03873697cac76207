package assets

import "embed"

// Studies are the sample study of a shopping centre: its workbook, studies/mall-exit.xlsx, and the pictures beside it.
//
//go:embed studies/mall-exit.xlsx studies/mall-exit
var Studies embed.FS
