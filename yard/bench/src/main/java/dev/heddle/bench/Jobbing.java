package dev.heddle.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Durable jobs on a database, each side with one of its own. */
final class Jobbing {

    private static final int WARM_UPS = 5;
    private static final int ROUNDS = 7;
    private static final int PGBENCH_SECONDS = 3;
    private static final double FOUR_FIFTHS = 1.25;
    private static final double A_TENTH_MORE = 1.1;
    private static final int HISTORY_ROWS = Counts.isQuick() ? 100_000 : Counts.of(1_000_000, 10_000_000);
    private static final double MICROS_PER_SECOND = 1e6;
    private static final Pattern PER_SECOND = Pattern.compile("tps = ([0-9.]+)");
    private static final Need BUILT = new Need(
            "a build of yard/bench/jobs, which yard/bench/run makes when Maven can download these peers",
            () -> Files.isDirectory(Home.JOBS_BUILD.resolve("classes")));

    private Jobbing() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "jobs-postgres",
                        "Jobs are put in by eight callers, and in batches; a handler that does nothing does them, eight at a time; then 200 are put in each second, on a PostgreSQL of its own",
                        WARM_UPS,
                        ROUNDS,
                        measures(Target.none()),
                        List.of(
                                Side.peer("pgbench -N, eight clients", PgBench::new).needing(Postgres.INSTALLED)
                                        .asSteady(),
                                ofBuild("db-scheduler", "DbSchedulerQueue", JobPeerMain.ROUNDS),
                                ofBuild("JobRunr", "JobRunrQueue", JobPeerMain.ROUNDS),
                                NodeJobs.side("graphile-worker"),
                                NodeJobs.side("pg-boss"),
                                Side.ours("Heddle", () -> new JobRounds(HeddleJobs.on(Postgres.start())))
                                        .needing(Postgres.INSTALLED))),
                new Benchmark(
                        "jobs-long-run",
                        "A million jobs, or five with --full, are put in and done on a PostgreSQL of its own with its defaults: the last tenth beside the first",
                        0,
                        1,
                        List.of(
                                new Measure("time of a job, the last tenth to the first", "times",
                                        Target.atMost(Growth.FLAT)),
                                new Measure("time of a job in the first tenth", "us"),
                                new Measure("time of a job in the last tenth", "us"),
                                new Measure("dead rows at the end", "rows"),
                                new Measure("tables at the end", "MB")),
                        List.of(
                                ofBuild("db-scheduler", "DbSchedulerQueue", JobPeerMain.LONG_RUN),
                                Side.ours("Heddle", Jobbing::longRun).needing(Postgres.INSTALLED))),
                new Benchmark(
                        "jobs-history",
                        "As jobs-postgres, in a table that is new and in one with a million rows of jobs that have ended, ten million with --full",
                        WARM_UPS,
                        ROUNDS,
                        measures(Target.atMostTimesFloor(A_TENTH_MORE)),
                        List.of(
                                Side.peer("Heddle, a new table", () -> new JobRounds(HeddleJobs.on(Postgres.start())))
                                        .needing(Postgres.INSTALLED),
                                Side.ours("Heddle, a table with history", () -> new JobRounds(
                                        HeddleJobs.behindHistory(Postgres.start(), HISTORY_ROWS)))
                                        .needing(Postgres.INSTALLED))),
                new Benchmark(
                        "jobs-sqlite",
                        "Jobs are put in by eight callers, and in batches; a handler that does nothing does them, eight at a time; then 200 are put in each second, in a file of SQLite",
                        WARM_UPS,
                        ROUNDS,
                        measures(Target.atMostTimesFloor(FOUR_FIFTHS)),
                        List.of(
                                Side.peer("the rows alone, eight jobs at a time", SqliteRows::new),
                                Side.ours("Heddle", () -> new JobRounds(HeddleJobs.onSqlite())))));
    }

    /** The jars of the peers in Java. */
    static Stream<Path> jars() {
        Path library = Home.JOBS_BUILD.resolve("lib");
        String[] names = library.toFile().list();
        return names == null ? Stream.of() : Stream.of(names).map(library::resolve);
    }

    private static List<Measure> measures(Target target) {
        return List.of(
                new Measure("time of a job put in alone", "us", target),
                new Measure("time of a job put in in a batch", "us"),
                new Measure("time of a job done", "us", target),
                new Measure("median from due to its handler", "ms"),
                new Measure("99th percentile from due to its handler", "ms"),
                new Measure("time of a transaction", "us"));
    }

    private static Workload longRun() {
        Postgres server = Postgres.start();
        return new JobsInTheLongRun(HeddleJobs.on(server), server);
    }

    /** A peer of Java that is no part of the build. */
    private static Side ofBuild(String name, String type, String work) {
        String path = String.join(File.pathSeparator, System.getProperty("java.class.path"),
                Home.JOBS_BUILD.resolve("classes").toString(), Home.JOBS_BUILD.resolve("lib") + "/*");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Dheddle.bench.home=" + System.getProperty("heddle.bench.home", ""));
        line.addAll(Counts.options());
        line.addAll(List.of("-cp", path, JobPeerMain.class.getName(), "dev.heddle.bench." + type, work));
        return Side.command(name, line).needing(BUILT).needing(Postgres.INSTALLED);
    }

    /** The same disk, of a transaction of two changed rows and a new one. */
    private static final class PgBench implements Workload {

        private final Postgres server = Postgres.start();

        PgBench() {
            server.bench("-i", "-q");
        }

        @Override
        public double[] round() {
            String said = server.bench("-N", "-c", "" + JobQueue.AT_A_TIME, "-j", "2", "-T", "" + PGBENCH_SECONDS);
            Matcher perSecond = PER_SECOND.matcher(said);
            if (!perSecond.find()) {
                throw new IllegalStateException("pgbench said: " + said);
            }
            double none = Double.NaN;
            return new double[]{none, none, none, none, none,
                    MICROS_PER_SECOND / Double.parseDouble(perSecond.group(1))};
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
