namespace RealtimeOps.Relay;

/// <summary>How long a line may be, or an event: all up to an empty line. Who reads them keeps each in memory until it is whole.</summary>
internal sealed class LineLimit(bool ofEvents)
{
    private const int Longest = 1024 * 1024;

    private int _line;
    private int _whole;

    /// <exception cref="Execution.OperationFailedException">It is longer.</exception>
    public void Count(ReadOnlySpan<byte> read)
    {
        foreach (byte next in read)
        {
            if (next == '\n')
            {
                _whole = ofEvents && _line > 0 ? _whole : 0;
                _line = 0;
            }
            else if (next != '\r')
            {
                _line++;
                _whole++;
            }

            if (_whole > Longest)
            {
                throw RelayCall.Failure(502, "The service wrote a status of more than 1 MiB.");
            }
        }
    }
}
