package dev.heddle.cli.node;

import dev.heddle.Heddle;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.JsonLine;
import dev.heddle.cli.command.Spelling;
import dev.heddle.cli.command.Table;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.ClusterView;
import dev.heddle.cluster.JobFailure;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobKindStatistics;
import dev.heddle.cluster.JobPage;
import dev.heddle.cluster.JobQuery;
import dev.heddle.cluster.JobQuery.Status;
import dev.heddle.cluster.JobSnapshot;
import dev.heddle.cluster.JobStatus;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsStatistics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;

/** The command {@code heddle jobs}: shows the queues of a cluster, and does with jobs what a person decides. */
public final class JobsCommand extends Command {

    private static final int SHOWN = 100;

    private static final int MAX_SHOWN = 1_000;

    private static final List<String> OF_JOBS = List.of("show", "retry", "discard", "cancel", "run");

    /** What an act is called of many, and which jobs it is for. */
    private static final Map<String, Act> ACTS = Map.of(
            "retry", new Act(JobHandle::retry, Jobs::retryAll, "is no dead letter", Status.DEAD),
            "discard", new Act(JobHandle::discard, Jobs::discardAll, "is no dead letter", Status.DEAD),
            "cancel", new Act(JobHandle::cancel, Jobs::cancelAll, "has ended, or is not known", Status.WAITING,
                    Status.RUNNING),
            "run", new Act(JobHandle::runNow, Jobs::runAllNow, "does not wait", Status.WAITING));

    /**
     * An act on jobs.
     *
     * @param otherwise what is the matter with a job with which it cannot be done
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    private record Act(Predicate<JobHandle> one, ToIntBiFunction<Jobs, JobQuery> all, String otherwise, Status first,
            Status... more) {}

    private static final List<String> OF_QUEUES = List.of("list", "kinds", "pause", "resume");

    public JobsCommand() {
        super("jobs", "show, retry, cancel and pause the jobs of a cluster",
                """
                        Usage: heddle jobs WHERE [OPTION...]
                               heddle jobs list QUEUE WHERE [FILTER...] [OPTION...]
                               heddle jobs kinds QUEUE WHERE [OPTION...]
                               heddle jobs show QUEUE ID... WHERE [OPTION...]
                               heddle jobs retry|discard|cancel|run QUEUE ID... WHERE
                               heddle jobs retry|discard|cancel|run QUEUE --all WHERE [FILTER...]
                               heddle jobs pause|resume QUEUE [--kind KIND] WHERE

                        Without a verb it shows the queues that nodes use. WHERE is --embedded DIR, or --join STORE and
                        --cluster NAME.

                        list shows the jobs of a queue: first those that have not ended, in the order of submission, then
                        the others while they are known, the newest first. kinds counts them by kind, with their times.
                        show has all that is known of jobs, also the stack of the last failure.

                        retry puts dead letters back with all of their attempts, discard removes them. cancel ends waiting
                        jobs, and asks running ones to end. run lets jobs begin now that wait for their time. With --all
                        they are for each job that fits the filters: the command says how many, and asks.

                        pause starts no job of the queue, or of a kind, on any node until resume; running jobs go on. SINCE is how long a
                        job has been ready, running or ended; AGE is the time since its submission.

                        """
                        + ClusterAddress.HELP
                        + """
                                      --kind KIND         FILTER: jobs of this kind, the name that chooses their handler
                                      --status STATUS     FILTER: waiting, running, dead, done or cancelled; several with commas
                                      --key KEY           FILTER: the job with this unique key
                                      --search TEXT       FILTER: TEXT is in the id, the kind, the key or the last failure
                                  -n, --limit COUNT       list so many at most, 100 unless told, 1,000 at most
                                      --after PAGE        list what comes after; the page before has the word
                                      --all               do it with all that fit the filters
                                  -y, --yes               do not ask
                                      --json              print a JSON object a line
                                      --help              print this

                                Exit: 0; 1 if a job is not in the state that it takes, or the store does not answer; 2 for wrong usage.
                                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        Arguments parsed = ClusterAddress.syntax().option("--kind").option("--status").option("--key")
                .option("--search")
                .option("--limit", "-n").option("--after").flag("--all").flag("--yes", "-y").flag("--json")
                .parse(arguments);
        List<String> words = parsed.rest();
        boolean all = parsed.has("--all");
        requireWords(words, all);
        int limit = parsed.number("--limit", SHOWN, 1, MAX_SHOWN);
        JobQuery filter = filter(parsed);
        boolean json = parsed.has("--json");
        return ClusterAccess.look(parsed, view -> {
            if (words.isEmpty()) {
                stdio.result(json ? queuesJson(view) : queues(view));
                return Exit.FINE;
            }
            Jobs jobs = queue(view, words.get(1));
            List<String> ids = words.subList(2, words.size());
            return switch (words.getFirst()) {
                case "pause" -> {
                    parsed.value("--kind").ifPresentOrElse(jobs::pause, jobs::pause);
                    yield Exit.FINE;
                }
                case "resume" -> {
                    parsed.value("--kind").ifPresentOrElse(jobs::resume, jobs::resume);
                    yield Exit.FINE;
                }
                case "show" -> show(jobs, ids, json, stdio);
                case "kinds" -> {
                    stdio.result(json ? kindsJson(jobs.kinds()) : kinds(jobs.kinds()));
                    yield Exit.FINE;
                }
                case "list" -> list(jobs.list(filter, limit, parsed.value("--after").orElse("")), json, stdio);
                default -> {
                    yield all
                            ? all(words.getFirst(), words.get(1), jobs, filter, parsed.has("--yes"), stdio)
                            : each(jobs, ids, Objects.requireNonNull(ACTS.get(words.getFirst())), stdio);
                }
            };
        });
    }

    private static Jobs queue(ClusterView view, String name) {
        try {
            return view.jobs(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(HumanFormat.printable(name) + " is no queue: " + e.getMessage());
        }
    }

    private static JobHandle job(Jobs jobs, String id) {
        try {
            return jobs.job(id);
        } catch (IllegalArgumentException e) {
            throw new UsageException(HumanFormat.printable(id) + " is no job: " + e.getMessage());
        }
    }

    private static JobQuery filter(Arguments parsed) {
        JobQuery filter = JobQuery.ALL.withKind(parsed.value("--kind").orElse(""))
                .withKey(parsed.value("--key").orElse("")).withText(parsed.value("--search").orElse(""));
        List<Status> statuses = new ArrayList<>();
        for (String word : parsed.value("--status").map(words -> words.split(",", -1)).orElse(new String[0])) {
            try {
                statuses.add(Status.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException _) {
                throw new UsageException("--status: " + HumanFormat.printable(word)
                        + " is none of waiting, running, dead, done, cancelled");
            }
        }
        return statuses.isEmpty() ? filter : filter.withStatus(statuses.getFirst(), statuses.toArray(Status[]::new));
    }

    private static void requireWords(List<String> words, boolean all) {
        if (words.isEmpty()) {
            return;
        }
        String verb = words.getFirst();
        if (!OF_JOBS.contains(verb) && !OF_QUEUES.contains(verb)) {
            List<String> verbs = Stream.of(OF_QUEUES, OF_JOBS).flatMap(List::stream).toList();
            throw new UsageException("unknown verb " + HumanFormat.printable(verb) + Spelling.hint(verb, verbs));
        }
        if (words.size() < 2 || words.get(1).isBlank()) {
            throw new UsageException(verb + " needs a queue");
        }
        if (all) {
            if (!ACTS.containsKey(verb) || words.size() > 2) {
                throw new UsageException("--all is for retry, discard, cancel and run, and takes a queue and no ids");
            }
            return;
        }
        if (OF_JOBS.contains(verb) && (words.size() < 3 || words.subList(2, words.size()).contains(""))) {
            throw new UsageException(verb + " needs the id of a job");
        }
        if (OF_QUEUES.contains(verb) && words.size() > 2) {
            throw new UsageException(verb + " takes one queue");
        }
    }

    // ---- the queues ----

    static String queues(ClusterView view) {
        var table = new Table("QUEUE", ">WAITING", ">RUNNING", ">DEAD", ">ENDED", ">OLDEST", "STATE");
        for (String queue : view.queues()) {
            JobsStatistics numbers = view.jobs(queue).statistics();
            table.row(queue, HumanFormat.count(numbers.waiting()), HumanFormat.count(numbers.running()),
                    HumanFormat.count(numbers.dead()), HumanFormat.count(numbers.ended()),
                    numbers.oldestWaiting().isZero() ? "" : time(numbers.oldestWaiting()), state(numbers));
        }
        return table.toString();
    }

    private static String state(JobsStatistics numbers) {
        List<String> words = new ArrayList<>();
        if (numbers.isPaused()) {
            words.add("paused");
        }
        if (!numbers.pausedNames().isEmpty()) {
            words.add("paused: " + String.join(", ", numbers.pausedNames().stream().sorted().toList()));
        }
        if (!numbers.unhandled().isEmpty()) {
            words.add("nobody handles " + String.join(", ", numbers.unhandled().stream().sorted().toList()));
        }
        return String.join("; ", words);
    }

    private static String queuesJson(ClusterView view) {
        var text = new StringBuilder();
        for (String queue : view.queues()) {
            text.append(ClusterCommand.queue(queue, view.jobs(queue).statistics()));
        }
        return text.toString();
    }

    // ---- the jobs of one ----

    private static int list(JobPage page, boolean json, CommandStreams stdio) throws IOException {
        stdio.result(json ? json(page.jobs()) : table(page.jobs(), now()));
        if (page.next().isPresent()) {
            stdio.tell(HumanFormat.count(page.jobs().size()) + " of " + HumanFormat.count(page.found())
                    + "; for more: --after " + HumanFormat.printable(page.next().get()) + '\n');
        }
        return Exit.FINE;
    }

    static String kinds(List<JobKindStatistics> kinds) {
        var table = new Table("KIND", ">WAITING", ">RETRYING", ">RUNNING", ">SLOTS", ">DEAD", ">DONE", ">PER MIN",
                ">OLDEST", ">RUN 50 %", ">95 %", ">WAIT 50 %", ">95 %");
        for (JobKindStatistics kind : kinds) {
            table.row(kind.kind(), HumanFormat.count(kind.waiting()), HumanFormat.count(kind.retrying()),
                    HumanFormat.count(kind.running()), HumanFormat.count(kind.slots()), HumanFormat.count(kind.dead()),
                    HumanFormat.count(kind.done()), String.format(Locale.ROOT, "%.1f", kind.donePerMinute()),
                    orNothing(kind.oldestWaiting()), orNothing(kind.medianRun()), orNothing(kind.slowRun()),
                    orNothing(kind.medianWait()), orNothing(kind.slowWait()));
        }
        return table.toString();
    }

    private static String orNothing(Duration time) {
        return time.isZero() ? "" : time(time);
    }

    private static String kindsJson(List<JobKindStatistics> kinds) {
        var text = new StringBuilder();
        for (JobKindStatistics kind : kinds) {
            text.append(JsonLine.of("jobKind").with("name", kind.kind()).with("waiting", kind.waiting())
                    .with("retrying", kind.retrying()).with("running", kind.running()).with("slots", kind.slots())
                    .with("dead", kind.dead()).with("done", kind.done())
                    .with("oldestWaitingMillis", kind.oldestWaiting().toMillis())
                    .with("medianRunMillis", kind.medianRun().toMillis())
                    .with("slowRunMillis", kind.slowRun().toMillis())
                    .with("medianWaitMillis", kind.medianWait().toMillis())
                    .with("slowWaitMillis", kind.slowWait().toMillis()));
        }
        return text.toString();
    }

    private static int show(Jobs jobs, List<String> ids, boolean json, CommandStreams stdio) throws IOException {
        List<JobSnapshot> seen = ids.stream().map(id -> job(jobs, id).snapshot()).toList();
        stdio.result(json ? json(seen) : table(seen, now()) + failures(seen));
        return seen.stream().anyMatch(job -> job.status() instanceof JobStatus.Unknown) ? Exit.NOT_ALL : Exit.FINE;
    }

    private static int each(Jobs jobs, List<String> ids, Act act, CommandStreams stdio) {
        int exit = Exit.FINE;
        for (String id : ids) {
            String problem = HumanFormat.printable(id) + ' ' + act.otherwise;
            try {
                if (act.one.test(job(jobs, id))) {
                    continue;
                }
            } catch (IllegalStateException e) { // another has its unique key by now
                problem = String.valueOf(e.getMessage());
            }
            stdio.tell("heddle jobs: " + problem + '\n');
            exit = Exit.NOT_ALL;
        }
        return exit;
    }

    /** Says how many there are, asks, and does it. */
    static int all(String verb, String queue, Jobs jobs, JobQuery filter, boolean yes, CommandStreams stdio)
            throws IOException {
        Act act = Objects.requireNonNull(ACTS.get(verb));
        JobQuery fitting = filter.within(act.first, act.more);
        int found = jobs.list(fitting, 1).found();
        if (found == 0) {
            stdio.tell("no job of " + queue + " fits\n");
            return Exit.FINE;
        }
        String what = verb + ' ' + HumanFormat.count(found, "job") + " of " + queue;
        if (!yes) {
            stdio.tell(what + "? [y/N] ");
            String answer = Heddle.offload(() -> line(stdio.in()));
            if (!answer.strip().equalsIgnoreCase("y") && !answer.strip().equalsIgnoreCase("yes")) {
                stdio.tell("nothing is done\n");
                return Exit.NOT_ALL;
            }
        }
        int done = act.all.applyAsInt(jobs, fitting);
        stdio.tell(verb + ": " + HumanFormat.count(done, "job") + " of " + queue + '\n');
        return Exit.FINE;
    }

    /** A line of input; empty at its end. */
    private static String line(InputStream in) throws IOException {
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }

    private static String time(Duration time) {
        return HumanFormat.time(Math.max(0, time.toNanos()));
    }

    static String table(List<JobSnapshot> jobs, Instant now) {
        var table = new Table("JOB", "KIND", "KEY", "STATUS", ">SINCE", ">AGE", ">ATTEMPTS", "NODE", "LAST SAID");
        for (JobSnapshot job : jobs) {
            JobStatus status = job.status();
            table.row(job.id(), job.name(), job.key(), word(status), ago(since(job), now), ago(job.submitted(), now),
                    Integer.toString(attempts(status)), node(status), said(job).lines().findFirst().orElse(""));
        }
        return table.toString();
    }

    private static String ago(Optional<Instant> time, Instant now) {
        return time
                .map(at -> at.isAfter(now) ? "in " + time(Duration.between(now, at)) : time(Duration.between(at, now)))
                .orElse("");
    }

    /** Since when it is in its state. */
    private static Optional<Instant> since(JobSnapshot job) {
        return switch (job.status()) {
            case JobStatus.Waiting _ -> job.ready();
            case JobStatus.Running _ -> job.begun();
            case JobStatus.Done _,JobStatus.Cancelled _ -> job.ended();
            case JobStatus.Dead _ -> job.failure().flatMap(JobFailure::at);
            case JobStatus.Unknown _ -> Optional.empty();
        };
    }

    /** The last failures, with their stacks. */
    private static String failures(List<JobSnapshot> jobs) {
        var text = new StringBuilder();
        for (JobSnapshot job : jobs) {
            job.failure().ifPresent(failure -> {
                text.append('\n').append(HumanFormat.printable(job.id())).append(": attempt ")
                        .append(failure.attempt())
                        .append(failure.node().isEmpty() ? "" : " on " + HumanFormat.printable(failure.node()))
                        .append(failure.at().map(at -> " at " + at).orElse("")).append('\n');
                Stream.concat(Stream.of(failure.type() + ": " + failure.message()), failure.stack().lines()).forEach(
                        line -> text.append("  ").append(HumanFormat.printable(line)).append('\n'));
            });
        }
        return text.toString();
    }

    static String json(List<JobSnapshot> jobs) {
        var text = new StringBuilder();
        for (JobSnapshot job : jobs) {
            JobStatus status = job.status();
            text.append(JsonLine.of("job").with("id", job.id()).with("name", job.name()).with("key", job.key())
                    .with("status", word(status))
                    .with("attempts", attempts(status)).with("node", node(status)).with("said", said(job))
                    .with("batch", job.batch()).with("awaitedBatch", job.awaitedBatch())
                    .with("awaited", String.join(" ", job.awaited()))
                    .with("submitted", text(job.submitted())).with("ready", text(job.ready()))
                    .with("begun", text(job.begun())).with("ended", text(job.ended()))
                    .with("failureType", job.failure().map(JobFailure::type).orElse(""))
                    .with("failureMessage", job.failure().map(JobFailure::message).orElse(""))
                    .with("failureStack", job.failure().map(JobFailure::stack).orElse("")));
        }
        return text.toString();
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
    }

    /** What it waits for, or what is known of its last attempt. */
    private static String said(JobSnapshot job) {
        List<String> awaited = new ArrayList<>(job.awaited());
        if (!job.awaitedBatch().isEmpty()) {
            awaited.add("batch " + job.awaitedBatch());
        }
        return awaited.isEmpty() ? said(job.status()) : "waits for " + String.join(", ", awaited);
    }

    static String word(JobStatus status) {
        return switch (status) {
            case JobStatus.Waiting _ -> "waiting";
            case JobStatus.Running running -> running.cancelling() ? "cancelling" : "running";
            case JobStatus.Dead _ -> "dead";
            case JobStatus.Done _ -> "done";
            case JobStatus.Cancelled _ -> "cancelled";
            case JobStatus.Unknown _ -> "unknown";
        };
    }

    private static int attempts(JobStatus status) {
        return switch (status) {
            case JobStatus.Waiting waiting -> waiting.attempts();
            case JobStatus.Running running -> running.attempt();
            case JobStatus.Dead dead -> dead.attempts();
            case JobStatus.Done done -> done.attempts();
            case JobStatus.Cancelled _,JobStatus.Unknown _ -> 0;
        };
    }

    private static String node(JobStatus status) {
        return status instanceof JobStatus.Running running ? running.node() : "";
    }

    /** The last error, or the progress if it is text. */
    private static String said(JobStatus status) {
        return switch (status) {
            case JobStatus.Waiting waiting -> waiting.error();
            case JobStatus.Running running -> running.progress().utf8();
            case JobStatus.Dead dead -> dead.error();
            case JobStatus.Done _,JobStatus.Cancelled _,JobStatus.Unknown _ -> "";
        };
    }
}
