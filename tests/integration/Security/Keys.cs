using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Settings with API keys, as an operator writes them. A caller's key is its name with a word behind it.</summary>
internal sealed class Keys
{
    private readonly Dictionary<string, string?> _settings = [];
    private int _count;

    public static string Of(string name) => name + "-planted-secret-key";

    public static string Sha256(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Adds a caller.</summary>
    public Keys With(string name, string scopes, string? types = null, DateTimeOffset? expiresAt = null, string? key = null)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"Security:ApiKeys:{_count++}:");
        _settings[place + "Name"] = name;
        _settings[place + "Sha256"] = Sha256(key ?? Of(name));
        foreach ((int index, string scope) in scopes.Split(' ').Index())
        {
            _settings[string.Create(CultureInfo.InvariantCulture, $"{place}Scopes:{index}")] = scope;
        }

        if (types is not null)
        {
            _settings[place + "Types:0"] = types;
        }

        if (expiresAt is { } end)
        {
            _settings[place + "ExpiresAt"] = end.ToString("O", CultureInfo.InvariantCulture);
        }

        return this;
    }

    public Keys And(string setting, string value)
    {
        _settings[setting] = value;
        return this;
    }

    public Dictionary<string, string?> Settings() => new(_settings);
}
