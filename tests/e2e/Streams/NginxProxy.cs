using System.Diagnostics;
using System.Text.RegularExpressions;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Streams;

/// <summary>The real nginx before a gateway.</summary>
internal sealed partial class NginxProxy : IAsyncDisposable
{
    private const int ShownErrors = 10_000;

    /// <summary>As somebody sets it up who thinks of web pages: buffering is on, and everything is compressed.</summary>
    private const string Configuration = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          gzip on;
          gzip_types *;
          gzip_min_length 0;
          gzip_proxied any;
          {SERVERS}
        }
        """;

    private const string PlainLocation = """
        location / {
          proxy_pass http://127.0.0.1:5080;
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
        }
        """;

    private readonly TemporaryFolder _prefix = new();
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="nginx">The program.</param>
    /// <param name="servers">What it serves, told where to listen.</param>
    private NginxProxy(string nginx, Func<string, string> servers)
    {
        int port = Ports.Free();
        Address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        string configuration = Configuration.Replace("{SERVERS}", servers(Address.Authority), StringComparison.Ordinal);
        File.WriteAllText(_prefix.Combine("nginx.conf"), configuration);
        _process = Process.Start(new ProcessStartInfo(nginx, ["-p", _prefix.Path, "-c", _prefix.Combine("nginx.conf"), "-e", "stderr"]) { UseShellExecute = false, RedirectStandardError = true })!;
        // Read at once: nginx stands still when nobody takes what it says.
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        Client = new GatewayClient(Address);
    }

    public Uri Address { get; }

    public GatewayClient Client { get; }

    /// <summary>Starts it, or skips the test where there is none.</summary>
    /// <param name="gateway">What it stands before.</param>
    /// <param name="asDocumented">With what docs/operating.md says; else with the least that makes a proxy.</param>
    public static async Task<NginxProxy> StartAsync(Uri gateway, bool asDocumented = false)
    {
        string locations = (asDocumented ? await DocumentedAsync() : PlainLocation).Replace("http://127.0.0.1:5080", "http://" + gateway.Authority, StringComparison.Ordinal);
        return await StartAsync(listen => $"server {{ listen {listen}; {locations} }}");
    }

    /// <summary>As <c>docker/nginx.conf</c> has it, before these gateways, two or more.</summary>
    public static async Task<NginxProxy> StartComposedAsync(params Uri[] gateways)
    {
        string committed = await Repository.ReadAsync("docker/nginx.conf", TestContext.Current.CancellationToken);
        string servers = SecondServer().Replace(committed, line => string.Concat(gateways[1..].Select(gateway => line.Value.Replace("gateway-2:8080", gateway.Authority, StringComparison.Ordinal))));
        return await StartAsync(listen => servers
            .Replace("gateway-1:8080", gateways[0].Authority, StringComparison.Ordinal)
            .Replace("listen 80;", $"listen {listen};", StringComparison.Ordinal));
    }

    private static async Task<NginxProxy> StartAsync(Func<string, string> servers)
    {
        var proxy = new NginxProxy(await DebianPackage.Nginx.RequireAsync(), servers);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        try
        {
            while (!await proxy.AnswersAsync())
            {
                proxy._process.HasExited.ShouldBeFalse();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }

            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        string errors = await _errors;
        TestContext.Current.TestOutputHelper?.WriteLine(errors.Length > ShownErrors ? "…" + errors[^ShownErrors..] : errors);
        _process.Dispose();
        _prefix.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Client.GetAsync("/health/live")).Code == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> DocumentedAsync()
    {
        string page = await Repository.ReadAsync("docs/operating.md", TestContext.Current.CancellationToken);
        return Snippet().Match(page) is { Success: true } match ? match.Groups["locations"].Value : throw new InvalidOperationException("docs/operating.md has no snippet for nginx.");
    }

    [GeneratedRegex("^ *server gateway-2:8080.*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecondServer();

    [GeneratedRegex("^```nginx\n(?<locations>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Snippet();
}
