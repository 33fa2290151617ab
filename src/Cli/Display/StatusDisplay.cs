using RealtimeOps.Client;
using Spectre.Console;

namespace RealtimeOps.Cli.Display;

/// <summary>Shows how operations go on: as live bars to a person, else as lines.</summary>
internal static class StatusDisplay
{
    /// <summary>Runs what is to be watched, and shows every Status that it tells.</summary>
    public static Task<T> RunAsync<T>(Session session, Func<Action<OperationStatus>, Task<T>> watch) => session.IsInteractive
        ? BarsAsync(watch)
        : watch(status => Write(session, status));

    public static void Write(Session session, OperationStatus status)
    {
        // Several watches may write at once.
        lock (session)
        {
            session.Out.WriteLine(session.IsJson ? status.Json : StatusLine.Of(status));
        }
    }

    private static Task<T> BarsAsync<T>(Func<Action<OperationStatus>, Task<T>> watch) => AnsiConsole.Progress()
        .AutoClear(false)
        .Columns(new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(context =>
        {
            var bars = new Dictionary<Uri, ProgressTask>();
            return watch(status =>
            {
                lock (bars)
                {
                    if (!bars.TryGetValue(status.Uri, out ProgressTask? bar))
                    {
                        bars.Add(status.Uri, bar = context.AddTask(status.Id, maxValue: 100));
                    }

                    bar.Description = Describe(status);
                    bar.Value = status.Progress;
                }
            });
        });

    private static string Describe(OperationStatus status)
    {
        string color = status.State switch
        {
            OperationState.Succeeded => "green",
            OperationState.Failed => "red",
            OperationState.Canceled or OperationState.Canceling or OperationState.Retrying => "yellow",
            _ => "blue",
        };
        string label = Markup.Escape($"{status.Type}/{status.Id}");
        return $"{label} [{color}]{StatusLine.Name(status.State)}[/] {Markup.Escape(StatusLine.Text(status))}".TrimEnd();
    }
}
