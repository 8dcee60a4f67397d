package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The example for Kubernetes agrees with the service that the archetype makes. */
final class KubernetesTest {

    private static final String YAML = "examples/kubernetes/service.yaml";
    private static final String WORKERS = "examples/kubernetes/workers.yaml";
    private static final String SCALE = "examples/kubernetes/workers-scale.yaml";
    private static final List<String> ALL = List.of(YAML, WORKERS, SCALE);
    private static final String MADE = "tool/archetype/src/main/resources/archetype-resources/";
    private static final String SERVICE = MADE + "src/main/java/Service.java";

    private static List<String> all(String file, String regex) throws IOException {
        return Pattern.compile(regex).matcher(Documents.text(file)).results().map(match -> match.group(1)).toList();
    }

    private static int one(String file, String regex) throws IOException {
        List<String> found = all(file, regex);
        assertEquals(1, found.size(), regex + " in " + file + ": " + found);
        return Integer.parseInt(found.getFirst());
    }

    @Test
    void portsAndPathsOfTheProbesAreThoseOfTheService() throws IOException {
        String port = Integer.toString(one(SERVICE, "int PORT = (\\d+);"));
        List<String> ports = all(YAML, "(?:containerPort|, port|targetPort): (\\d+)");
        assertEquals(5, ports.size(), ports.toString());
        assertTrue(ports.stream().allMatch(port::equals), ports.toString());
        String alive = all(SERVICE, "\\.health\\(\"([^\"]+)\"\\)").getFirst();
        String ready = all(SERVICE, "\\.readiness\\(\"([^\"]+)\"\\)").getFirst();
        assertEquals(List.of(alive, alive, ready), all(YAML, "path: (/[a-z]+),"));
    }

    @Test
    void serviceHasTimeToStopBeforeItIsKilled() throws IOException {
        int grace = one(YAML, "terminationGracePeriodSeconds: (\\d+)");
        int before = one(YAML, "sleep: \\{seconds: (\\d+)\\}");
        int stop = one(SERVICE, "STOP_WITHIN = Duration\\.ofSeconds\\((\\d+)\\);");
        int drain = one(SERVICE, "DRAIN = Duration\\.ofSeconds\\((\\d+)\\);");
        assertTrue(drain < stop && before + stop < grace, grace + " s, of " + before + " + " + stop);
        assertTrue(drain >= one(YAML, "path: /ready[^#]*?periodSeconds: (\\d+)"), "balancers look within the delay");
    }

    @Test
    void userIsThatOfTheImage() throws IOException {
        assertEquals(one(MADE + "Dockerfile", "USER (\\d+)"), one(YAML, "runAsUser: (\\d+)"));
    }

    @Test
    void linesAreIndentedBySpacesInPairs() throws IOException {
        for (String file : ALL) {
            for (MatchResult line : Pattern.compile("(?m)^( *)(.*)$").matcher(Documents.text(file)).results()
                    .toList()) {
                assertEquals(0, line.group(1).length() % 2, line.group());
                assertTrue(line.group(2).indexOf('\t') < 0, line.group());
            }
        }
    }

    /** The object of a kind in a file; each has a version, a kind, a name and a spec, as kubectl wants it. */
    private static Object object(String file, String kind) throws IOException {
        for (Object each : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Documents.text(file))) {
            assertEquals(Set.of("apiVersion", "kind", "metadata", "spec"), ((Map<?, ?>) each).keySet());
            assertTrue(at(each, "metadata", "name").toString().matches("[a-z-]+"));
            if (at(each, "kind").equals(kind)) {
                return each;
            }
        }
        throw new AssertionError("no " + kind + " in " + file);
    }

    private static Object at(Object object, Object... path) {
        Object found = object;
        for (Object step : path) {
            found = found instanceof Map<?, ?> map ? map.get(step) : ((List<?>) found).get((Integer) step);
            assertNotNull(found, () -> "no " + List.of(path) + " in " + object);
        }
        return found;
    }

    @Test
    void scaleRuleAndBudgetAreForTheWorkers() throws IOException {
        Object workers = object(WORKERS, "Deployment");
        Object name = at(workers, "metadata", "name");
        Object labels = at(workers, "spec", "template", "metadata", "labels");
        assertEquals(labels, at(workers, "spec", "selector", "matchLabels"));
        assertEquals(labels, at(object(WORKERS, "PodDisruptionBudget"), "spec", "selector", "matchLabels"));
        Object rule = object(SCALE, "ScaledObject");
        assertEquals(name, at(rule, "spec", "scaleTargetRef", "name"));
        assertFalse(((Map<?, ?>) at(workers, "spec")).containsKey("replicas"), "two would set the number");
    }

    @Test
    void workersAgreeWithTheProgramOfTheGuide() throws IOException {
        String guide = Documents.text("docs/guide/41-jobs.md");
        Object workers = object(WORKERS, "Deployment");
        Object container = at(workers, "spec", "template", "spec", "containers", 0);
        Object port = at(container, "ports", 0, "containerPort");
        assertTrue(guide.contains(".serve(\"0.0.0.0\", " + port + ")"));
        assertEquals(port.toString(),
                at(workers, "spec", "template", "metadata", "annotations", "prometheus.io/port"));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertEquals(at(container, "ports", 0, "name"), at(container, probe, "httpGet", "port"));
            assertTrue(guide.contains("(\"" + at(container, probe, "httpGet", "path") + "\""));
        }
        Object trigger = at(object(SCALE, "ScaledObject"), "spec", "triggers", 0, "metadata");
        assertTrue(guide.contains("handle(\"send\", " + at(trigger, "threshold") + ", job -> send("));
        assertTrue(at(trigger, "query").toString().contains("heddle_jobs_backlog{heddle_name=\"mail\"}"));
        int grace = (Integer) at(workers, "spec", "template", "spec", "terminationGracePeriodSeconds");
        int drain = one("docs/guide/41-jobs.md", "ofSeconds\\((\\d+)\\), mail::drain");
        assertTrue(drain * 4 / 3 < grace, "a stop has three quarters of its time for that");
    }
}
