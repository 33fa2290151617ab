using System.CommandLine;
using System.Net.Http.Headers;
using RealtimeOps.Client;

namespace RealtimeOps.Cli;

/// <summary>One run of a command: the client that it uses, and where it writes.</summary>
internal sealed class Session : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly TimeSpan? _patience;

    private Session(ParseResult parsed)
    {
        _server = parsed.GetRequiredValue(CommonOptions.Server);
        _patience = parsed.GetValue(CommonOptions.Patience);
        IsJson = parsed.GetValue(CommonOptions.Json);
        // Watches have limits of their own, and a file may take its time.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }) { BaseAddress = _server, Timeout = Timeout.InfiniteTimeSpan };
        if ((parsed.GetValue(CommonOptions.Key) ?? Environment.GetEnvironmentVariable("RTOPS_KEY")) is { Length: > 0 } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        Client = new RealtimeOpsClient(_http);
    }

    public RealtimeOpsClient Client { get; }

    public bool IsJson { get; }

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    /// <summary>Somebody looks at it.</summary>
    public bool IsInteractive => !IsJson && !Console.IsOutputRedirected;

    public TimeSpan SubmitPatience => _patience ?? TimeSpan.FromSeconds(10);

    public WatchOptions WatchOptions => new()
    {
        Patience = _patience ?? TimeSpan.FromMinutes(1),
        OnTrouble = IsInteractive ? null : trouble => Error.WriteLine($"rtops: {trouble.Message} Trying on."),
    };

    /// <summary>Lets a command run, and says in plain words what went wrong.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Run(Func<Session, ParseResult, CancellationToken, Task<int>> command) => async (parsed, cancellationToken) =>
    {
        try
        {
            using var session = new Session(parsed);
            try
            {
                return await command(session, parsed, cancellationToken);
            }
            catch (ProblemException refused)
            {
                ProblemText.Write(session.Error, refused.Problem);
                return ProblemText.IsOutcome(refused.Problem) ? ExitCode.OperationFailed : ExitCode.Refused;
            }
            catch (HttpRequestException unreachable)
            {
                session.Error.WriteLine($"rtops: {session._server} cannot be reached: {unreachable.Message}");
                return ExitCode.Unreachable;
            }
        }
        catch (Exception wrong) when (wrong is UsageException or ArgumentException or FormatException)
        {
            Console.Error.WriteLine("rtops: " + wrong.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    };

    /// <summary>The operation that was named: by its URI, its path, or TYPE/ID.</summary>
    /// <exception cref="UsageException">A key is set, and would go to another server than it is for.</exception>
    public Uri Operation(string named)
    {
        if (named.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || named.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            var uri = new Uri(named);
            return _http.DefaultRequestHeaders.Authorization is null || Uri.Compare(uri, _server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
                ? uri
                : throw new UsageException($"{uri} is not of {_server}, which the key is for. If it is meant for both, say --server.");
        }

        return named.StartsWith('/') ? new Uri(_server, named) : new Uri($"{_server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/operations/{named}");
    }

    public void Dispose() => _http.Dispose();
}
