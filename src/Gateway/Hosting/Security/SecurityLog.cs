namespace RealtimeOps.Hosting.Security;

/// <summary>What the operator is told of credentials. No secret, nor a part of one, is ever in it. Event ids are stable; retired ones are not used again.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(610, LogLevel.Debug, "{Method} {Path} came without a credential")]
    public static partial void NoCredential(ILogger logger, string method, string path);

    [LoggerMessage(611, LogLevel.Information, "{Method} {Path} from {Address} came with a credential that is refused: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string path, object? address, string reason);

    [LoggerMessage(612, LogLevel.Information, "{Method} {Path}: {Caller} has no scope {Scope}")]
    public static partial void NoScope(ILogger logger, string method, string path, string caller, string scope);

    [LoggerMessage(613, LogLevel.Information, "Credentials that count now: API keys {Count}, tokens {Tokens}; keys revoked {Revoked}")]
    public static partial void Loaded(ILogger logger, int count, string tokens, int revoked);

    [LoggerMessage(614, LogLevel.Error, "The changed configuration has faults, so the credentials stay as they were: {Faults}")]
    public static partial void NotReloaded(ILogger logger, string faults);

    [LoggerMessage(615, LogLevel.Information, "{Method} {Path} was refused: {Reason}")]
    public static partial void Foreign(ILogger logger, string method, string path, string reason);
}
