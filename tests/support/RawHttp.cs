using System.Net.Sockets;
using System.Text;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>Sends a request as it is written, where an HTTP client would put it right first.</summary>
public static class RawHttp
{
    /// <summary>Answers everything that comes until the server closes; the request should ask for that.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n")), cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation).Limited();
    }
}
