// Package xpath compiles and evaluates expressions over XML trees: XPath 1.0 whole,
// and the dialect of ODK XForms with its functions and dates.
//
// It knows trees (package xmltree) and nothing of forms: what an expression asks
// of the world around it (the clock, other instances, texts, choices) it asks of
// an [Env]. It must not know binds, relevance, screens or files.
//
// An expression is compiled once ([Compile]) into a tree whose nodes evaluate
// themselves, and may then be evaluated by many goroutines. Comparisons of paths
// with values, arithmetic, selected() and the like do not allocate.
//
// # Limits
//
// Expressions come with questionnaires, from anybody. Length, nesting and chains of
// operators are bounded when compiling ([MaxLength], [MaxDepth]); the work is bounded
// when evaluating ([Context.MaxSteps]), so that a filter within a filter over a long
// list ends in an error and not in a hang; regular expressions run on Go's engine,
// in linear time.
//
// # Where implementations differ
//
// The ODK XForms specification leaves room and its implementations differ. The
// dialect [ODK] does as JavaRosa, the engine of ODK Collect:
//
//   - A date as a number is whole days since 1970-01-01 in local time, without the
//     time of day; so dates and times of one day compare as equal, and a difference
//     is a whole number also over a change to summer time. decimal-date-time() has
//     the fraction, counted in UTC. date(number) drops the fraction, date-time()
//     keeps it.
//   - date(”) is the empty text; what is no date is an error.
//   - Within a repeat, an absolute path that begins like the path of the context
//     node stays in the same repeat. See [Expr.Contextualize] for expressions whose
//     place is known beforehand.
//   - = and != between numbers, and numbers taken as true or false, allow for 1e-12.
//   - 4,6 in a text reads as 4.6 where a number is needed.
//   - round() with places rounds as the number is written; halves of negative
//     numbers go towards zero.
//   - sum(), min() and max() leave out what is no number.
//   - An index below 1 in indexed-repeat() means 1.
//   - position(node) counts siblings of the same name; position() outside a filter is
//     that of the context node.
//   - area() projects to the plane about the first point.
//   - randomize() with a text that is no number as seed takes its SHA-256.
//   - An unprefixed name matches elements in any namespace.
//
// It differs from JavaRosa where that would only hurt:
//
//   - All of XPath 1.0 works, also //, |, text() and all axes, which JavaRosa refuses.
//   - A node-set of several nodes where one value is needed gives the first, as in
//     XPath, where JavaRosa stops with an error.
//   - Large numbers are written without an exponent, as in XPath.
//   - A date with a time is written with its time.
//   - Text that is a date converts to a number also where no bind calls it a date.
//   - floor(), ceiling() and substring() exist; coalesce() takes any number of
//     arguments.
//
// [ODKWeb] does as the implementations for browsers: days are counted from 1970 in
// UTC with their fraction, what is no date is the value "Invalid Date", a text may
// have an exponent where a number is needed, sum(), min() and max() give NaN when
// there is a value that is no number, halves round away from zero, negative limits of
// weighted-checklist() do not count, and area() is computed on the sphere.
//
// In all dialects, < and > between nodes and a boolean compare the number of each
// node with 1 or 0, as implementations do, where XPath 1.0 would turn the nodes into
// a boolean first; and for lack of a DTD id() looks for attributes named id.
package xpath
