namespace RealtimeOps.Hosting;

/// <summary>Keeps secrets where only the server, and others of the same store, can read them.</summary>
internal interface ISecretStore
{
    /// <summary>Where that one is, for people.</summary>
    string PlaceOf(string name);

    /// <summary>What is kept; else what <paramref name="make"/> makes, which is then kept.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="setting">What can be set instead.</param>
    /// <param name="make">Makes a new secret.</param>
    string ReadOrCreate(string name, string setting, Func<string> make);
}
