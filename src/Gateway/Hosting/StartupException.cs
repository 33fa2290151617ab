namespace RealtimeOps;

/// <summary>The server cannot start; the message says why and what to do. Meant for the operator, without a stack trace.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Why, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public StartupException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
