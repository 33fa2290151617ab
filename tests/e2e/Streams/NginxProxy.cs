using System.Diagnostics;
using System.Globalization;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Streams;

/// <summary>The real nginx before a gateway, as somebody sets it up who thinks of web pages: buffering is on, and everything is compressed.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private const string Configuration = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          gzip on;
          gzip_types *;
          gzip_min_length 0;
          gzip_proxied any;
          server {
            listen 127.0.0.1:{PORT};
            location / {
              proxy_pass http://{GATEWAY};
              proxy_http_version 1.1;
              proxy_set_header Host $host:$server_port;
            }
          }
        }
        """;

    private readonly TemporaryFolder _prefix = new();
    private readonly Process _process;

    private NginxProxy(string nginx, Uri gateway)
    {
        int port = Ports.Free();
        Address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        string configuration = Configuration.Replace("{PORT}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{GATEWAY}", gateway.Authority, StringComparison.Ordinal);
        File.WriteAllText(_prefix.Combine("nginx.conf"), configuration);
        _process = Process.Start(new ProcessStartInfo(nginx, ["-p", _prefix.Path, "-c", _prefix.Combine("nginx.conf"), "-e", "stderr"]) { UseShellExecute = false, RedirectStandardError = true })!;
        Client = new GatewayClient(Address);
    }

    public Uri Address { get; }

    public GatewayClient Client { get; }

    /// <summary>Starts it, or skips the test where there is none.</summary>
    public static async Task<NginxProxy> StartAsync(Uri gateway)
    {
        var proxy = new NginxProxy(await DebianPackage.Nginx.RequireAsync(), gateway);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        while (!await proxy.AnswersAsync())
        {
            proxy._process.HasExited.ShouldBeFalse();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        string errors = await _process.StandardError.ReadToEndAsync(CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine(errors);
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
}
