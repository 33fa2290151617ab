using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>Keeps what a server logs, so that an error that no test expects fails it.</summary>
public sealed class CapturedLog(LogLevel from = LogLevel.Information) : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>Takes out what was logged since the last time.</summary>
    public IEnumerable<Entry> Take()
    {
        while (_entries.TryDequeue(out Entry? entry))
        {
            yield return entry;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_entries, categoryName, from);

    public void Dispose()
    {
        // Read after the server has ended.
    }

    public sealed record Entry(LogLevel Level, int Id, string Category, string Text);

    private sealed class Logger(ConcurrentQueue<Entry> entries, string category, LogLevel from) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                entries.Enqueue(new Entry(logLevel, eventId.Id, category, $"{logLevel} {eventId.Id} {category}: {formatter(state, exception)} {exception}"));
            }
        }
    }
}
