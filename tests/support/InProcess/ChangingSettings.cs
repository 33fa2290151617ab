using Microsoft.Extensions.Configuration;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>Settings that change while a server runs, as those in a file do.</summary>
internal sealed class ChangingSettings(Dictionary<string, string?> settings) : IConfigurationSource
{
    private Dictionary<string, string?> _settings = settings;
    private Provider? _provider;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => _provider = new Provider(this);

    public void Replace(Dictionary<string, string?> settings)
    {
        _settings = settings;
        _provider?.Changed();
    }

    private sealed class Provider(ChangingSettings source) : ConfigurationProvider
    {
        public override void Load() => Data = new Dictionary<string, string?>(source._settings, StringComparer.OrdinalIgnoreCase);

        public void Changed()
        {
            Load();
            OnReload();
        }
    }
}
