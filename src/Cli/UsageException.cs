namespace RealtimeOps.Cli;

/// <summary>What was typed makes no sense, which shows only after the parsing.</summary>
internal sealed class UsageException(string message) : Exception(message);
