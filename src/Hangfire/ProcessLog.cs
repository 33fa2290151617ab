using Hangfire.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using HangfireLevel = Hangfire.Logging.LogLevel;

namespace RealtimeOps.Hangfire;

/// <summary>Hangfire logs through one provider for the whole process: this passes it on to the program that started last, as long as that runs.</summary>
internal sealed class ProcessLog : ILogProvider
{
    private static readonly ProcessLog Instance = new();

    private static ILoggerFactory? _current;

    public static void Open(ILoggerFactory loggers)
    {
        Volatile.Write(ref _current, loggers);
        LogProvider.SetCurrentLogProvider(Instance);
    }

    public static void Close(ILoggerFactory loggers) => Interlocked.CompareExchange(ref _current, null, loggers);

    public ILog GetLogger(string name) => new Log(name);

    private sealed class Log(string name) : ILog
    {
        bool ILog.Log(HangfireLevel logLevel, Func<string>? messageFunc, Exception? exception)
        {
            LogLevel level = (LogLevel)logLevel;
            if (Volatile.Read(ref _current)?.CreateLogger(name) is not { } logger || !logger.IsEnabled(level))
            {
                return false;
            }

            if (messageFunc is not null)
            {
                logger.Log(level, 0, messageFunc(), exception, static (message, _) => message);
            }

            return true;
        }
    }
}
