using Xunit;

// Each test has a server of its own, and often a browser: more of them at once would only measure each other. Those that measure are alone.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
