namespace RealtimeOps.Api;

/// <summary>Where the settings and, unless they say otherwise, the data are: the current folder, as everywhere in ASP.NET Core, if the settings are there; else the program's own.</summary>
internal static class DefaultFolder
{
    public static string? Find() => File.Exists("appsettings.json") ? null : AppContext.BaseDirectory;
}
