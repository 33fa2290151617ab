namespace RealtimeOps.Cli;

/// <summary>What scripts are told. Part of the interface: a number keeps its meaning.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int OperationFailed = 1;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int Unreachable = 4;

    /// <summary>As shells have it: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}
