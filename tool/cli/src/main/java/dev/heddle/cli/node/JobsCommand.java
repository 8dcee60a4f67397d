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
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSnapshot;
import dev.heddle.cluster.JobStatus;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsStatistics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The command {@code heddle jobs}: shows the queues of a cluster, and does with jobs what a person decides. */
public final class JobsCommand extends Command {

    private static final int SHOWN = 100;

    private static final List<String> OF_JOBS = List.of("show", "retry", "discard", "cancel");

    private static final List<String> OF_QUEUES = List.of("list", "pause", "resume");

    public JobsCommand() {
        super("jobs", "show, retry, cancel and pause the jobs of a cluster", """
                Usage: heddle jobs WHERE [OPTION...]
                       heddle jobs list QUEUE WHERE [OPTION...]
                       heddle jobs show|retry|discard|cancel QUEUE ID... WHERE [OPTION...]
                       heddle jobs pause|resume QUEUE WHERE

                Without a verb it shows the queues that nodes use. WHERE is --embedded DIR, or --join STORE and
                --cluster NAME.

                list shows the jobs of a queue: first those that have not ended, in the order of submission, then
                the others while they are known. retry puts dead letters back with all of their attempts, discard
                removes them. cancel ends waiting jobs, and asks running ones to end. pause starts no job of the
                queue on any node until resume; running jobs go on. SINCE is how long a job has been ready, running
                or ended; AGE is the time since its submission.

                """ + ClusterAddress.HELP + """
                      --state STATE       list only these: waiting, running, dead, done or cancelled
                  -n, --most COUNT        list so many at most, 100 unless told
                      --json              print a JSON object a line
                      --help              print this

                Exit: 0; 1 if a job is not in the state that it takes, or the store does not answer; 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        Arguments parsed = ClusterAddress.syntax().option("--state").option("--most", "-n").flag("--json")
                .parse(arguments);
        List<String> words = parsed.rest();
        requireWords(words);
        int most = parsed.number("--most", SHOWN, 1, 100_000);
        String state = parsed.value("--state").orElse("");
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
                    jobs.pause();
                    yield Exit.FINE;
                }
                case "resume" -> {
                    jobs.resume();
                    yield Exit.FINE;
                }
                case "show" -> show(jobs, ids, json, stdio);
                case "retry" -> each(jobs, ids, JobHandle::retry, "is no dead letter", stdio);
                case "discard" -> each(jobs, ids, JobHandle::discard, "is no dead letter", stdio);
                case "cancel" -> each(jobs, ids, JobHandle::cancel, "has ended, or is not known", stdio);
                default -> list(jobs, state, most, json, stdio);
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

    private static void requireWords(List<String> words) {
        if (words.isEmpty()) {
            return;
        }
        String verb = words.getFirst();
        if (!OF_JOBS.contains(verb) && !OF_QUEUES.contains(verb)) {
            List<String> all = List.of("list", "show", "retry", "discard", "cancel", "pause", "resume");
            throw new UsageException("unknown verb " + HumanFormat.printable(verb) + Spelling.hint(verb, all));
        }
        if (words.size() < 2 || words.get(1).isBlank()) {
            throw new UsageException(verb + " needs a queue");
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
        String unhandled = String.join(", ", numbers.unhandled().stream().sorted().toList());
        String nobody = unhandled.isEmpty() ? "" : "nobody handles " + unhandled;
        return numbers.isPaused() ? "paused" + (nobody.isEmpty() ? "" : "; " + nobody) : nobody;
    }

    private static String queuesJson(ClusterView view) {
        var text = new StringBuilder();
        for (String queue : view.queues()) {
            text.append(ClusterCommand.queue(queue, view.jobs(queue).statistics()));
        }
        return text.toString();
    }

    // ---- the jobs of one ----

    private static int list(Jobs jobs, String state, int most, boolean json, CommandStreams stdio) throws IOException {
        List<JobSnapshot> all = jobs.list().stream()
                .filter(job -> state.isEmpty() || word(job.status()).equals(state)).toList();
        List<JobSnapshot> shown = all.subList(0, Math.min(most, all.size()));
        stdio.result(json ? json(shown) : table(shown, now()));
        if (all.size() > shown.size() && !json) {
            stdio.tell("and " + HumanFormat.count(all.size() - shown.size()) + " more; -n tells how many to show\n");
        }
        return Exit.FINE;
    }

    private static int show(Jobs jobs, List<String> ids, boolean json, CommandStreams stdio) throws IOException {
        List<JobSnapshot> seen = ids.stream().map(id -> job(jobs, id).snapshot()).toList();
        stdio.result(json ? json(seen) : table(seen, now()) + errors(seen));
        return seen.stream().anyMatch(job -> job.status() instanceof JobStatus.Unknown) ? Exit.NOT_ALL : Exit.FINE;
    }

    private static int each(
            Jobs jobs, List<String> ids, Predicate<JobHandle> verb, String otherwise, CommandStreams stdio) {
        int exit = Exit.FINE;
        for (String id : ids) {
            String problem = HumanFormat.printable(id) + ' ' + otherwise;
            try {
                if (verb.test(job(jobs, id))) {
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

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }

    private static String time(Duration time) {
        return HumanFormat.time(Math.max(0, time.toNanos()));
    }

    static String table(List<JobSnapshot> jobs, Instant now) {
        var table = new Table("JOB", "NAME", "STATE", ">SINCE", ">AGE", ">ATTEMPTS", "NODE", "LAST SAID");
        for (JobSnapshot job : jobs) {
            JobStatus status = job.status();
            table.row(job.id(), job.name(), word(status), ago(since(job), now), ago(job.submitted(), now),
                    Integer.toString(attempts(status)), node(status), said(status).lines().findFirst().orElse(""));
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
            case JobStatus.Dead _,JobStatus.Unknown _ -> Optional.empty();
        };
    }

    /** Of errors all that is kept, which is more than one line. */
    private static String errors(List<JobSnapshot> jobs) {
        var text = new StringBuilder();
        for (JobSnapshot job : jobs) {
            String said = job.status() instanceof JobStatus.Running ? "" : said(job.status());
            if (said.indexOf('\n') >= 0) {
                text.append('\n').append(HumanFormat.printable(job.id())).append('\n');
                said.lines().forEach(line -> text.append("  ").append(HumanFormat.printable(line)).append('\n'));
            }
        }
        return text.toString();
    }

    static String json(List<JobSnapshot> jobs) {
        var text = new StringBuilder();
        for (JobSnapshot job : jobs) {
            JobStatus status = job.status();
            text.append(JsonLine.of("job").with("id", job.id()).with("name", job.name()).with("state", word(status))
                    .with("attempts", attempts(status)).with("node", node(status)).with("said", said(status))
                    .with("submitted", text(job.submitted())).with("ready", text(job.ready()))
                    .with("begun", text(job.begun())).with("ended", text(job.ended())));
        }
        return text.toString();
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
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
