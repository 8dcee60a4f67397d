package dev.heddle.cli.runs;

import dev.heddle.cli.command.Format;
import dev.heddle.cli.command.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The runs of a load as an array of JSON, which can stand in a script element of a page. Times are pairs: nanoseconds, how many. */
final class LoadRunJson {

    /** Most characters of a text that is read. */
    private static final int MAX_TEXT = 1_000;

    private static final JsonFactory JSON = new JsonFactory();

    private LoadRunJson() {}

    static String write(List<LoadRun> runs) {
        var json = new StringBuilder("[\n");
        for (int i = 0; i < runs.size(); i++) {
            write(json, runs.get(i));
            json.append(i < runs.size() - 1 ? ",\n" : "\n");
        }
        // Only texts can have one, and none of them may end the script.
        return json.append("]\n").toString().replace("<", "\\u003c");
    }

    private static void write(StringBuilder json, LoadRun run) {
        json.append("{\"name\":");
        JsonText.string(json, run.name());
        json.append(",\"begun\":\"").append(run.begun()).append("\",\"url\":");
        JsonText.string(json, run.url());
        json.append(",\"connections\":").append(run.connections());
        json.append(",\"rate\":").append(run.rate());
        json.append(",\"seconds\":").append(run.seconds());
        json.append(",\"interrupted\":").append(run.interrupted());
        json.append(",\"requests\":").append(run.requests());
        json.append(",\"bad\":").append(run.bad());
        json.append(",\"missed\":").append(run.missed());
        json.append(",\"perSecond\":").append(run.perSecond());
        json.append(",\"times\":[");
        run.times().forEachPart((nanos, times) -> json.append(nanos).append(',').append(times).append(','));
        if (run.hasTimes()) {
            json.setLength(json.length() - 1);
        }
        json.append("]}");
    }

    /**
     * @param most how many runs there may be
     * @throws IllegalArgumentException if it is something else
     */
    static List<LoadRun> read(String text, int most) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            List<LoadRun> runs = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.START_OBJECT && runs.size() < most);
                runs.add(read(json));
            }
            return runs;
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalArgumentException("no runs: " + Format.printable(String.valueOf(e.getMessage())), e);
        }
    }

    private static LoadRun read(JsonParser json) {
        String name = "";
        String url = "";
        Instant begun = Instant.EPOCH;
        int connections = 0;
        int rate = 0;
        double seconds = 0;
        boolean interrupted = false;
        long requests = 0;
        long bad = 0;
        long missed = 0;
        double perSecond = 0;
        Latencies times = new Latencies();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = text(json);
                case "begun" -> begun = Instant.parse(text(json));
                case "url" -> url = text(json);
                case "connections" -> connections = json.getIntValue();
                case "rate" -> rate = json.getIntValue();
                case "seconds" -> seconds = json.getDoubleValue();
                case "interrupted" -> interrupted = json.getBooleanValue();
                case "requests" -> requests = json.getLongValue();
                case "bad" -> bad = json.getLongValue();
                case "missed" -> missed = json.getLongValue();
                case "perSecond" -> perSecond = json.getDoubleValue();
                case "times" -> readTimes(json, times);
                default -> json.skipChildren();
            }
        }
        return new LoadRun(name, begun, url, connections, rate, seconds, interrupted, requests, bad, missed, perSecond,
                times);
    }

    private static String text(JsonParser json) {
        return Format.cut(json.getString(), MAX_TEXT);
    }

    private static void readTimes(JsonParser json, Latencies times) {
        expect(json.currentToken() == JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            long nanos = json.getLongValue();
            json.nextToken();
            long count = json.getLongValue();
            expect(count > 0 && times.count() <= Long.MAX_VALUE - count);
            times.add(nanos, count);
        }
    }

    private static void expect(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no runs");
        }
    }
}
