namespace RealtimeOps.Hosting;

/// <summary>What the HTTP side tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(300, LogLevel.Debug, "{Method} {Path} answered {Status} in {Elapsed:0.0} ms")]
    public static partial void Changed(ILogger logger, string method, string path, int status, double elapsed);

    [LoggerMessage(301, LogLevel.Debug, "{Method} {Path} answered {Status} in {Elapsed:0.0} ms")]
    public static partial void Read(ILogger logger, string method, string path, int status, double elapsed);

    [LoggerMessage(302, LogLevel.Error, "{Method} {Path} failed unexpectedly, traceId {TraceId}")]
    public static partial void Failed(ILogger logger, Exception failure, string method, string path, string traceId);

    [LoggerMessage(303, LogLevel.Debug, "{Method} {Path}: the client left")]
    public static partial void ClientLeft(ILogger logger, string method, string path);

    [LoggerMessage(620, LogLevel.Warning, "Memory runs short, {Share:P0} of it is used (Limits:Memory is {Limit:P0}); new submissions and streams are refused until some is free")]
    public static partial void MemoryLow(ILogger logger, double share, double limit);

    [LoggerMessage(621, LogLevel.Information, "There is memory again, {Share:P0} of it is used; new submissions and streams are taken")]
    public static partial void MemoryFree(ILogger logger, double share);
}
