package dev.heddle.cluster;

import dev.heddle.cluster.JobQuery.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The answers about a queue to a person who looks at the program, in lines of names with texts and numbers. */
final class JobAnswer {

    /** Jobs of a page. */
    private static final int PAGE = 50;

    private JobAnswer() {}

    /**
     * Answers a question: {@code about=kinds}, {@code about=job} with an {@code item}, or {@code about=jobs} with {@code
     * kind}, {@code status}, {@code key}, {@code text} and {@code after}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static List<Map<String, Object>> of(Jobs jobs, Map<String, String> question) {
        return switch (question.getOrDefault("about", "")) {
            case "kinds" -> jobs.kinds().stream().map(JobAnswer::line).toList();
            case "job" -> List.of(line(jobs.job(question.getOrDefault("item", "")).snapshot()));
            case "jobs" -> page(jobs, question);
            default -> throw new IllegalArgumentException("a question is about kinds, jobs or a job");
        };
    }

    private static List<Map<String, Object>> page(Jobs jobs, Map<String, String> question) {
        JobQuery filter = JobQuery.ALL.withKind(question.getOrDefault("kind", ""))
                .withKey(question.getOrDefault("key", "")).withText(question.getOrDefault("text", ""));
        String status = question.getOrDefault("status", "");
        if (!status.isEmpty()) {
            filter = filter.withStatus(Status.valueOf(status.toUpperCase(Locale.ROOT)));
        }
        JobPage page = jobs.list(filter, PAGE, question.getOrDefault("after", ""));
        List<Map<String, Object>> lines = new ArrayList<>();
        page.jobs().forEach(job -> lines.add(line(job)));
        Map<String, Object> last = new LinkedHashMap<>();
        last.put("about", "page");
        last.put("found", page.found());
        page.next().ifPresent(next -> last.put("next", next));
        lines.add(last);
        return lines;
    }

    private static Map<String, Object> line(JobKindStatistics kind) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("about", "kind");
        line.put("name", kind.kind());
        line.put("waiting", kind.waiting());
        line.put("retrying", kind.retrying());
        line.put("running", kind.running());
        line.put("slots", kind.slots());
        line.put("dead", kind.dead());
        line.put("done", kind.done());
        line.put("donePerMinute", kind.donePerMinute());
        line.put("oldestWaitingMillis", kind.oldestWaiting().toMillis());
        line.put("medianRunMillis", kind.medianRun().toMillis());
        line.put("slowRunMillis", kind.slowRun().toMillis());
        line.put("medianWaitMillis", kind.medianWait().toMillis());
        line.put("slowWaitMillis", kind.slowWait().toMillis());
        return line;
    }

    private static Map<String, Object> line(JobSnapshot job) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("about", "job");
        line.put("item", job.id());
        line.put("name", job.name());
        line.put("key", job.key());
        List<String> awaited = new ArrayList<>(job.awaited());
        if (!job.awaitedBatch().isEmpty()) {
            awaited.add("batch " + job.awaitedBatch());
        }
        line.put("awaited", String.join(", ", awaited));
        switch (job.status()) {
            case JobStatus.Waiting waiting -> put(line, "waiting", waiting.attempts());
            case JobStatus.Running running -> {
                put(line, running.cancelling() ? "cancelling" : "running", running.attempt());
                line.put("node", running.node());
            }
            case JobStatus.Done done -> put(line, "done", done.attempts());
            case JobStatus.Dead dead -> put(line, "dead", dead.attempts());
            case JobStatus.Cancelled _ -> line.put("status", "cancelled");
            case JobStatus.Unknown _ -> line.put("status", "unknown");
        }
        put(line, "submitted", job.submitted());
        put(line, "ready", job.ready());
        put(line, "begun", job.begun());
        put(line, "ended", job.ended());
        job.failure().ifPresent(failure -> {
            line.put("failure", failure.type());
            line.put("message", failure.message());
            line.put("stack", failure.stack());
            line.put("failedOn", failure.node());
            put(line, "failedAt", failure.at());
        });
        return line;
    }

    private static void put(Map<String, Object> line, String status, int attempts) {
        line.put("status", status);
        line.put("attempts", attempts);
    }

    private static void put(Map<String, Object> line, String name, Optional<Instant> time) {
        time.ifPresent(at -> line.put(name, at.toEpochMilli()));
    }
}
