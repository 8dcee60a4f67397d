package dev.heddle.http.attack;

import dev.heddle.CancelledException;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.http.client.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The good clients of one service: one request each moment, each tenth on a new connection, and what it is like for them. */
final class GoodClients implements AutoCloseable {

    private final String url;
    private final HttpClient kept = HttpClient.create();
    private List<Long> all = new ArrayList<>();
    private int unsampled;
    private long asked;
    private long failed;

    GoodClients(int port) {
        url = "http://127.0.0.1:" + port + "/";
    }

    /** Asks in a task of its own; what counts is the time from now on. */
    void ask(TaskGroup group) {
        long due = System.nanoTime();
        boolean fresh = asked++ % 10 == 0;
        group.spawn("good client", () -> {
            try {
                served(fresh);
                all.add(System.nanoTime() - due);
            } catch (CancelledException e) {
                throw e;
            } catch (HeddleException e) {
                failed++;
                System.out.println(url + " failed: " + e);
            }
        });
    }

    private void served(boolean fresh) {
        if (!fresh) {
            check(kept);
            return;
        }
        try (HttpClient http = HttpClient.create()) {
            check(http);
        }
    }

    private void check(HttpClient http) {
        String text = http.get(url).expectSuccess().text();
        if (!text.equals("hello")) {
            throw new IllegalStateException("another's answer: " + text);
        }
    }

    /** What the service says of itself, and the median and p99 since the last sample, in microseconds. */
    double[] sample() {
        String[] told = kept.get(url + "sample").expectSuccess().text().split(" ", -1);
        double[] sample = Arrays.copyOf(Arrays.stream(told).mapToDouble(Double::parseDouble).toArray(),
                told.length + 2);
        List<Long> since = all.subList(unsampled, all.size());
        sample[told.length] = micros(since, 50);
        sample[told.length + 1] = micros(since, 99);
        unsampled = all.size();
        return sample;
    }

    /** Forgets what was before: the JVM still compiled. */
    void warm() {
        all = new ArrayList<>();
        unsampled = 0;
        asked = 0;
        failed = 0;
    }

    /** What so many of a hundred took at most, since they were warm. */
    double micros(int percent) {
        return micros(all, percent);
    }

    private static double micros(List<Long> nanos, int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * percent / 100) / 1e3;
    }

    long asked() {
        return asked;
    }

    long failed() {
        return failed;
    }

    @Override
    public void close() {
        kept.close();
    }
}
