using System.Globalization;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Security;

/// <summary>Checks the credentials, and names every fault at once. What might be a secret is never repeated.</summary>
internal sealed class SecurityOptionsValidator : IValidateOptions<RealtimeOpsOptions>
{
    private const int LongestName = 64;

    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options)
    {
        SecurityOptions security = options.Security;
        string[] faults = [.. security.ApiKeys.SelectMany(Faults), .. Doubles(security.ApiKeys), .. Faults(security.Jwt), .. LinkKeyFaults(security.LinkKey)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ApiKeyOptions key, int index)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"Security:ApiKeys:{index}:");
        if (key.Name is not { Length: > 0 and <= LongestName } || key.Name.Any(char.IsControl) || key.Name != key.Name.Trim())
        {
            yield return $"{place}Name must be 1 to {LongestName} characters, without blanks at its ends.";
        }

        if (!key.Digests.Any() || !key.Digests.All(Digest.IsHex))
        {
            yield return $"{place}Sha256 must be the key's SHA-256, 64 hexadecimal digits; several are parted by commas.";
        }

        if (key.Scopes.Count == 0)
        {
            yield return $"{place}Scopes is empty; name some of {ScopeNames.Known}.";
        }

        foreach (string scope in key.Scopes.Where(scope => ScopeNames.Parse(scope) is Scopes.None))
        {
            yield return $"{place}Scopes holds '{scope}', which is none of {ScopeNames.Known}.";
        }

        if (key.Types.Count > 0 && (ScopeNames.ParseAll(key.Scopes) & Scopes.ReadAll) is not Scopes.None)
        {
            yield return $"{place}Types cannot limit a key that sees what is everybody's; take its scope admin or admin.read away, or the types.";
        }
    }

    private static IEnumerable<string> Doubles(IEnumerable<ApiKeyOptions> keys)
    {
        foreach (string name in keys.Select(key => key.Name).OfType<string>().GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            yield return $"Security:ApiKeys holds the name '{name}' twice. Two keys of one caller are two digests in one Sha256.";
        }

        if (keys.SelectMany(key => key.Digests).GroupBy(digest => digest, StringComparer.OrdinalIgnoreCase).Any(same => same.Count() > 1))
        {
            yield return "Security:ApiKeys holds the same Sha256 twice.";
        }
    }

    private static IEnumerable<string> Faults(JwtOptions jwt)
    {
        if (jwt.Authority is { } authority && (!authority.IsAbsoluteUri || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback))))
        {
            yield return $"Security:Jwt:Authority must be an absolute https address, but is '{authority}'.";
        }

        if (jwt.Authority is not null && string.IsNullOrEmpty(jwt.Audience))
        {
            yield return "Security:Jwt:Audience is needed beside an Authority: without it, tokens that it made for others would be believed.";
        }

        foreach ((int index, string key) in jwt.SigningKeys.Index())
        {
            if (TokenKeys.FaultOf(key) is { } fault)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Security:Jwt:SigningKeys:{index} {fault}");
            }
        }
    }

    private static IEnumerable<string> LinkKeyFaults(string? key)
    {
        if (key is not null && TokenSigner.ParseKey(key) is null)
        {
            yield return $"Security:LinkKey must be {TokenSigner.KeyLength} bytes or more in base64.";
        }
    }
}
