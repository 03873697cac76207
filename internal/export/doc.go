// Package export turns records of interviews, contacts and shifts into the CSV files a research team takes away, with a labelled
// codebook beside them.
//
// It knows a study, the versions of its questionnaire and the bodies of records. It must not know where records come from (a
// server, a folder, a test), nor how the person at the keyboard is told about progress.
//
// Rules of the files
//
//   - UTF-8, comma, quotes doubled, rows ended by CR LF (RFC 4180); one header row. A byte-order mark only where asked for.
//   - Values stand as in the data: names of choices, not labels; the codebook has the labels. An empty cell is a question that was
//     not asked or not answered.
//   - Text is data and is written as it was said, even where it begins with = or +. Whoever opens the files in a spreadsheet may
//     ask for [Params.ExcelSafe], which puts an apostrophe before such text so that it is not run as a formula.
//   - A picture stands as the name of its file, which whoever calls puts into the folder [Media].
//   - Personal questions (study.RolePersonal) have no column anywhere. If a question is personal in one version of the
//     questionnaire it is left out in all.
//   - What the field app fills in from the shift (site, region, entrance, interviewer) stands once, in Parvis's own columns.
//   - Practice never mixes with real data: records marked as practice are counted and left out.
//   - Versions of a questionnaire are united: the order of columns is the newest version's, a column that only an older one has
//     stands after its old neighbour, and a column once named keeps its name.
//   - Times are ISO 8601 with the offset of the place, durations come from monotonic clocks.
//
// Bodies are read by a scanner made for their shape (see readInterview), since a million of them are read at each export; any
// body it does not recognise at first sight goes to encoding/json, which decides.
package export
