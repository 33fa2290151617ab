using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting.Security;

/// <summary>
/// Browser sessions: a cookie that no script can read and that no other site sends along, made for whoever shows a key. It holds no key, only which
/// one it was; so the session ends with the key, and after twelve hours.
/// </summary>
internal sealed class Sessions(TokenSigner signer, Credentials credentials, TimeProvider time)
{
    private const string Purpose = "session";
    private const string Cookie = "realtimeops";

    private static readonly TimeSpan Life = TimeSpan.FromHours(12);
    private static readonly int DigestLength = Marshal.SizeOf<Digest>();
    private static readonly int Length = sizeof(long) + IdLength + DigestLength;
    private const int IdLength = 16;

    /// <summary>Those that were signed out before their time.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _ended = new();

    /// <summary>Sets the cookie.</summary>
    public Caller Begin(HttpContext context, ApiKey key)
    {
        DateTimeOffset end = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        end = key.ExpiresAt < end ? key.ExpiresAt.Value : end;
        var id = new Guid(RandomNumberGenerator.GetBytes(IdLength));
        Span<byte> content = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(content, end.ToUnixTimeMilliseconds());
        id.TryWriteBytes(content[sizeof(long)..]);
        MemoryMarshal.Write(content[(sizeof(long) + IdLength)..], key.Digest);
        context.Response.Cookies.Append(NameFor(context), signer.Sign(Purpose, content), Options(context, end));
        return CallerOf(key, id, end);
    }

    /// <summary>The session that the request belongs to; null when there is none any more.</summary>
    public Caller? Read(HttpContext context)
    {
        Span<byte> content = stackalloc byte[Length];
        if (context.Request.Cookies[NameFor(context)] is not { } token || !signer.TryRead(Purpose, token, content)
            || credentials.Find(MemoryMarshal.Read<Digest>(content[(sizeof(long) + IdLength)..])) is not { } key)
        {
            return null;
        }

        Caller caller = CallerOf(key, new Guid(content.Slice(sizeof(long), IdLength)), DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content)));
        return caller.IsOver(time.GetUtcNow()) ? null : caller;
    }

    /// <summary>Ends the session that the request belongs to, in every tab, and takes its cookie back.</summary>
    public void End(HttpContext context)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((Guid id, DateTimeOffset end) in _ended)
        {
            if (end <= now)
            {
                _ended.TryRemove(id, out _);
            }
        }

        if (Read(context)?.Credential is Session session)
        {
            _ended[session.Id] = session.ExpiresAt!.Value;
        }

        context.Response.Cookies.Delete(NameFor(context), Options(context, expires: null));
    }

    /// <summary>With https the browser itself sees to it that the cookie is of this very host.</summary>
    private static string NameFor(HttpContext context) => context.Request.IsHttps ? "__Host-" + Cookie : Cookie;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true, Expires = expires };

    private Caller CallerOf(ApiKey key, Guid id, DateTimeOffset end) => new()
    {
        Owner = key.Caller.Owner,
        Name = key.Caller.Name,
        Scopes = key.Caller.Scopes,
        Types = key.Caller.Types,
        Credential = new Session(this, key, id, end),
    };

    private sealed class Session(Sessions sessions, ApiKey key, Guid id, DateTimeOffset end) : Credential
    {
        public Guid Id => id;

        public override DateTimeOffset? ExpiresAt => end;

        public override bool IsRevoked => key.IsRevoked || sessions._ended.ContainsKey(id);
    }
}
