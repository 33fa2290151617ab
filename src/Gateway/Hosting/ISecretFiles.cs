namespace RealtimeOps.Hosting;

/// <summary>Keeps secrets where only the server can read them.</summary>
internal interface ISecretFiles
{
    string PathOf(string name);

    /// <summary>What the file holds; else what <paramref name="make"/> makes, which it then holds.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="setting">What can be set instead.</param>
    /// <param name="make">Makes a new secret.</param>
    string ReadOrCreate(string name, string setting, Func<string> make);
}
