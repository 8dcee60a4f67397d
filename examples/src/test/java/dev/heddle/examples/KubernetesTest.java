package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example for Kubernetes agrees with the service that the archetype makes. */
final class KubernetesTest {

    private static final String YAML = "examples/kubernetes/service.yaml";
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
        for (MatchResult line : Pattern.compile("(?m)^( *)(.*)$").matcher(Documents.text(YAML)).results().toList()) {
            assertEquals(0, line.group(1).length() % 2, line.group());
            assertTrue(line.group(2).indexOf('\t') < 0, line.group());
        }
    }
}
