package dev.heddle.cluster.storm;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.BodyLostException;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.store.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a node asks of the others until it is told to stop: one map after another, whose bodies may be tried again;
 * single bodies that may not; and jobs.
 */
final class StormLoad {

    private static final int CHUNK = 20;
    private static final int ATTEMPTS = 1000;
    private static final int SINGLES = 2;
    private static final int JOBS = 4;
    private static final int LONG_JOBS = 2;

    private final String folder;
    private final ClusterPool pool;
    private final Jobs jobs;
    private final Journal journal;
    private final int items;
    private final int micros;
    private final List<Task<Void>> tasks = new ArrayList<>();
    private boolean stopping;
    private int mapsDone;
    private int singlesDone;
    private int jobsDone;

    /**
     * @param items of a map
     * @param micros how long a body takes
     */
    StormLoad(Path folder, String name, ClusterPool pool, Jobs jobs, int items, int micros) {
        this.folder = folder.toString();
        this.pool = pool;
        this.jobs = jobs;
        this.journal = new Journal(folder, "load", name);
        this.items = items;
        this.micros = micros;
    }

    void start() {
        tasks.add(Heddle.spawn("maps", this::map));
        for (int i = 0; i < SINGLES; i++) {
            String stream = "s" + i;
            tasks.add(Heddle.spawn("single bodies", () -> call(stream)));
        }
        for (int i = 0; i < JOBS + LONG_JOBS; i++) {
            String stream = i < JOBS ? "j" + i : StormNode.LONG + i;
            tasks.add(Heddle.spawn("jobs", () -> submit(stream)));
        }
    }

    /** How much is done: maps, single bodies, jobs; and how many tasks go on. */
    String done() {
        return mapsDone + " " + singlesDone + ' ' + jobsDone + ' '
                + tasks.stream().filter(task -> !task.isDone()).count();
    }

    /** Begins nothing more. */
    void stop() {
        stopping = true;
    }

    private void map() {
        String where = folder;
        int time = micros;
        List<Integer> all = IntStream.range(0, items).boxed().toList();
        List<Integer> expected = all.stream().map(StormWork::answer).toList();
        do {
            String run = "m" + mapsDone;
            List<Integer> results = pool.retrying(ATTEMPTS)
                    .map(all, CHUNK, item -> StormWork.body(where, run, item, time));
            journal.write("map", run, items, results.equals(expected) ? "complete" : "wrong");
            mapsDone++;
        } while (!stopping);
    }

    private void call(String stream) {
        String where = folder;
        int time = micros;
        for (int n = 0; !stopping; n++) {
            String run = stream + '-' + n;
            int item = n;
            String end;
            try {
                end = pool.call(() -> StormWork.body(where, run, item, time)) == StormWork.answer(item)
                        ? "done"
                        : "wrong";
            } catch (BodyLostException e) {
                end = "lost " + e.node();
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException e) {
                end = "failed " + e;
            }
            journal.write("single", run, end);
            singlesDone++;
        }
    }

    private void submit(String stream) {
        for (int n = 0; !stopping; n++) {
            String id = stream + '-' + n;
            JobHandle job = jobs.submit(
                    JobSpec.of(StormNode.JOB, Bytes.utf8(id)).withId(id).withMaxAttempts(ATTEMPTS));
            journal.write("submitted", id);
            String end;
            try {
                end = job.join().utf8().equals("done " + id) ? "done" : "wrong";
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException e) {
                end = "failed " + e;
            }
            journal.write("ended", id, end);
            jobsDone++;
        }
    }
}
