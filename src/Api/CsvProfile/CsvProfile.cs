namespace RealtimeOps.Api.CsvProfile;

/// <summary>What <c>csv.profile</c> answers; serialized with the web defaults it is the result on the wire.</summary>
/// <param name="Rows">Data rows in the file, good and bad; the header and blank lines are none.</param>
/// <param name="BadRows">Rows that could not be read as the header promises, and a faulty header. No value of a bad row is profiled.</param>
/// <param name="Delimiter">The delimiter that was found.</param>
/// <param name="Encoding">The encoding that was found; it says so when not all bytes fitted.</param>
/// <param name="Columns">One profile for each column of the header, in its order.</param>
internal sealed record CsvProfile(
    long Rows, BadRows BadRows, string Delimiter, string Encoding, IReadOnlyList<ColumnProfile> Columns);

/// <param name="Count">How many there were.</param>
/// <param name="First">The first few of them.</param>
internal sealed record BadRows(long Count, IReadOnlyList<BadRow> First);

/// <param name="Line">The physical line, from 1, on which the row starts.</param>
/// <param name="Reason">What is wrong, for a person.</param>
internal sealed record BadRow(long Line, string Reason);
