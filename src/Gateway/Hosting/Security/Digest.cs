using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeOps.Hosting.Security;

/// <summary>A SHA-256. Keys are looked up by it, so the time that a look-up takes tells nothing of any key.</summary>
internal readonly record struct Digest(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    private const int LongestOnStack = 512;

    public static bool IsHex(string text) => text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigit);

    public static Digest Parse(string hex) => Read(Convert.FromHexString(hex));

    public static Digest Of(string text)
    {
        int length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
        return Read(hash);
    }

    private static Digest Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    public override int GetHashCode() => (int)First;
}
