using Bench;
using Bench.OpsLoad;

const string Usage = """
opsload submit --url URL [--count N] [--warmup N] [--connections 64] [--query '?delay=PT1H'] [--body JSON | --body-bytes 200]
               [--header 'Name: value'] [--ids-file F] [--ids-every K] [--wait-ended]       durable 202s a second
opsload noops  --url URL [--count N] [--warmup N] [--connections 64] [--filled] [--lead 15]    no-op operations, to the durable end
opsload idle   --url URL [--count 500] [--warmup N] [--gap-ms 10]  submission to start on an idle server
opsload csv    --out F [--bytes 1000000000]                        a CSV file for csv.profile
opsload fsync  --dir D [--count 500]                               how long this disk takes to sync 4 KiB

All: --label TEXT --server-pid PID[,PID] (whose CPU is counted) --limit SECONDS. URL: http://127.0.0.1:PORT. One JSON object on one line.
""";

try
{
    var options = new Options(args.Skip(1));
    return args.FirstOrDefault() switch
    {
        "submit" => await Submit.RunAsync(options),
        "noops" => await NoOps.RunAsync(options),
        "idle" => await IdleStart.RunAsync(options),
        "csv" => CsvFile.Run(options),
        "fsync" => DiskSync.Run(options),
        _ => throw new ArgumentException(Usage),
    };
}
catch (Exception e) when (e is ArgumentException or IOException or TimeoutException or HttpRequestException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
