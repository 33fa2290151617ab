using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RealtimeOps.TestSupport;

/// <summary>A connection on which bytes are sent as they are given, however wrong, and the answers of HTTP/1.1 are read.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public static async Task<RawConnection> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next answer; of a stream its head and its first bytes. Null when the server closes instead.</summary>
    /// <param name="isHead">The request was one for a head only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RawAnswer?> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await LineAsync(cancellationToken) is not { Length: > 12 } status)
            {
                return null;
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await LineAsync(cancellationToken) is { Length: > 0 } line)
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            int code = int.Parse(status.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            var answer = new RawAnswer(code, headers);
            if (code is >= 200 or 101)
            {
                return isHead || code is 101 or 204 or 304 ? answer : answer with { Body = await BodyAsync(answer, cancellationToken) };
            }
        }
    }

    /// <summary>All that comes until the server closes, whatever it is.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var all = new MemoryStream();
        try
        {
            await TakeAsync(all, long.MaxValue, cancellationToken);
        }
        catch (SocketException)
        {
            // Cut instead of closed, which is an end too.
        }

        return Text(all);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> BodyAsync(RawAnswer answer, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        if (!answer.IsChunked)
        {
            await TakeAsync(body, answer["Content-Length"] is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : long.MaxValue, cancellationToken);
            return Text(body);
        }

        while (await LineAsync(cancellationToken) is { } line && long.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            await TakeAsync(body, size, cancellationToken);
            if (answer.IsStream)
            {
                return Text(body);
            }

            await LineAsync(cancellationToken);
        }

        await LineAsync(cancellationToken);
        return Text(body);
    }

    private static string Text(MemoryStream body) => Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);

    /// <summary>The line without its end; null at the end of the connection.</summary>
    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer, _start, looked + at);
                _start += looked + at + 2;
                return line;
            }

            looked = Math.Max(0, _end - _start - 1);
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    private async Task TakeAsync(MemoryStream to, long count, CancellationToken cancellationToken)
    {
        while (count > 0 && (_end > _start || await FillAsync(cancellationToken)))
        {
            int taken = (int)Math.Min(count, _end - _start);
            to.Write(_buffer, _start, taken);
            _start += taken;
            count -= taken;
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
