using FsCheck;
using FsCheck.Fluent;

namespace RealtimeOps.UnitTests.CsvProfile;

/// <summary>What is hard on a CSV reader.</summary>
internal static class Snippets
{
    public static readonly Gen<string> Any = Gen.Elements(
        "", "a", "B", "0", "12", "-7", "3.5", "\"", "\"\"", ",", ";", "\t", "|", ":", "\n", "\r\n", "\r", " ", "é", "😀", "ÿ",
        "true", "2024-01-31", "2024-01-31T10:00Z", "longer text to pass eight bytes");

    public static readonly Gen<string> Values = Any.ArrayOf().Resize(4).Select(string.Concat);
}
