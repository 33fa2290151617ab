using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>The gateway's own secret: as configured, or made once and kept with the store.</summary>
internal sealed class GatewaySecret(IOptions<RealtimeOpsOptions> options, ISecretFiles files)
{
    private const string File = "webhook-secret";

    private readonly Lazy<SigningSecret> _secret = new(() => SigningSecret.Parse(options.Value.Webhooks.Secret ?? files.ReadOrCreate(File, "Webhooks:Secret", SigningSecret.New))
        ?? throw new StartupException($"The file '{files.PathOf(File)}' holds no webhook secret: whsec_ and 24 to 64 bytes in base64. Restore it, or remove it to have a new one made; receivers need the new one then."));

    /// <summary>A caller cannot know one that was made here, so its subscriptions get their own.</summary>
    public bool IsConfigured => options.Value.Webhooks.Secret is not null;

    public SigningSecret Value => _secret.Value;
}
