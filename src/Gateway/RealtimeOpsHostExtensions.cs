using RealtimeOps.Storage;

namespace RealtimeOps;

/// <summary>What an operator does with a program that is built, but not started.</summary>
public static class RealtimeOpsHostExtensions
{
    /// <summary>Copies the data folder into a new one, as of one moment, while another process may be serving from it. The copy is a data folder itself.</summary>
    /// <param name="host">The program, with the settings of the one that serves.</param>
    /// <param name="folder">Where to; it must not be there yet.</param>
    /// <exception cref="StartupException">It cannot be copied; the message says why and what to do. Shared databases have tools of their own.</exception>
    public static void BackUpRealtimeOps(this IHost host, string folder) => host.Services.GetRequiredService<StorageProvider>().BackUp(folder);
}
