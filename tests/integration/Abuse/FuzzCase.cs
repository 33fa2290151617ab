using System.Text;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>What is sent in one case.</summary>
/// <param name="Number">Which one of its seed.</param>
/// <param name="Bytes">All that is sent: one request, or two behind each other, or what is left of one.</param>
/// <param name="Methods">Of the requests, as far as they still are some.</param>
internal sealed record FuzzCase(int Number, byte[] Bytes, IReadOnlyList<string> Methods)
{
    /// <summary>It is no request any more, so nothing more is sent after it, and the answers go on to the end of the connection.</summary>
    public bool IsBroken { get; init; }

    /// <summary>It asks the server to hold the answer, and is left alone then.</summary>
    public bool MayWait { get; init; }

    public bool MaySubmit { get; init; }

    /// <summary>In one line, with what cannot be printed escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (byte one in Bytes.AsSpan(0, Math.Min(Bytes.Length, 3000)))
        {
            text.Append(one is >= 0x20 and < 0x7f ? ((char)one).ToString() : one == '\n' ? "\\n\n" : one == '\r' ? "\\r" : $"\\x{one:x2}");
        }

        return text.ToString();
    }
}
