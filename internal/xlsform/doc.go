// Package xlsform turns a questionnaire author's workbook (an XLSForm in
// .xlsx, .xlsm, .xls, .csv or a Markdown table) into a standard ODK XForm, and
// tells the author everything that is wrong with it in one go.
//
// It knows the XLSForm standard: sheets, columns, question types and their
// legacy names, and the XForm they stand for. It must not know Parvis' own
// study sheets, screens, stores or the network; other packages read their own
// sheets through [Workbook], and [Convert] passes over sheets it does not know.
//
// The way through: [Open] reads a file by its content into a [Workbook] under
// hard [Limits]; [Convert] checks it and writes the XForm. What an author must
// change comes back as [Diagnostics], each with sheet, row, column, what is
// wrong and what to write instead.
package xlsform
