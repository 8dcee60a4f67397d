package dev.heddle.http.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.util.ServerInfo;

/**
 * The servers that are compared: each a process of its own on a free port of the loopback, with a configuration in a
 * temporary folder, and each telling in a field {@code X-Seen} what it took a request for.
 */
final class Garden implements AutoCloseable {

    static final String HAPROXY_NAME = "HAProxy";

    private static final long MAX_SECONDS_TO_START = 60;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    private Garden(Path folder) {
        this.folder = folder;
    }

    /** Starts those that are installed; the others are named on the console and left out. */
    static Garden startAll() throws IOException, InterruptedException {
        var garden = new Garden(Files.createTempDirectory("garden"));
        try {
            garden.java(Differential.HEDDLE, EchoHeddle.class);
            garden.java("Tomcat", EchoTomcat.class);
            garden.versions.put("Tomcat", ServerInfo.getServerNumber());
            garden.start("nginx", "-v", "nginx.conf", NGINX, "nginx", "-p", "@folder@", "-c", "@file@");
            garden.start("Apache", "-v", "apache.conf", APACHE, "apache2", "-X", "-f", "@file@");
            garden.start(HAPROXY_NAME, "-v", "haproxy.cfg", HAPROXY, "haproxy", "-db", "-f", "@file@");
            garden.start("Node", "-v", "echo.js", NODE, "node", "@file@");
            return garden;
        } catch (IOException | InterruptedException | RuntimeException e) {
            garden.close();
            throw e;
        }
    }

    /** Starts Heddle alone, with a folder of files to serve. */
    static Garden startHeddle() throws IOException, InterruptedException {
        var garden = new Garden(Files.createTempDirectory("garden"));
        Files.write(garden.folder.resolve("large"), new byte[4 << 20]);
        garden.java(Differential.HEDDLE, EchoHeddle.class);
        return garden;
    }

    /** The ports by the names of the servers, Heddle's first. */
    Map<String, Integer> ports() {
        return ports;
    }

    /** The versions of the others. */
    Map<String, String> versions() {
        return versions;
    }

    private void java(String name, Class<?> main) throws IOException, InterruptedException {
        int port = freePort();
        run(name, port, List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-exports",
                "java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-classpath",
                System.getProperty("java.class.path"), main.getName(), "" + port, folder.toString()));
    }

    private void start(String name, String versionOption, String file, String text, String program, String... arguments)
            throws IOException, InterruptedException {
        if (!isInstalled(program)) {
            System.out.println(name + " is not installed and left out");
            return;
        }
        versions.put(name, version(program, versionOption));
        int port = freePort();
        Path config = folder.resolve(file);
        Files.writeString(config, text.replace("@port@", "" + port).replace("@folder@", folder.toString()));
        var command = new ArrayList<String>(List.of(program));
        for (String argument : arguments) {
            command.add(argument.replace("@file@", config.toString()).replace("@folder@", folder.toString()));
        }
        run(name, port, command);
    }

    private static String version(String program, String option) throws IOException {
        Process asked = withSbin(new ProcessBuilder(program, option).redirectErrorStream(true)).start();
        Matcher number = Pattern.compile("\\d+\\.\\d+\\.\\d+").matcher(new String(asked.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8));
        return number.find() ? number.group() : "of unknown version";
    }

    /** Where Debian has its servers, which not every user has on the path. */
    private static ProcessBuilder withSbin(ProcessBuilder builder) {
        builder.environment().merge("PATH", "/usr/sbin", (path, place) -> path + ":" + place);
        return builder;
    }

    private static boolean isInstalled(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/usr/local/bin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private void run(String name, int port, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = withSbin(builder).start();
        processes.add(process);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS_TO_START);
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(name + " does not start:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
        ports.put(name, port);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Ends all the servers and removes their folder. */
    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            List<ProcessHandle> below = process.descendants().toList();
            if (process.toHandle().isAlive()) { // else its number may be another's
                below.forEach(ProcessHandle::destroyForcibly);
            }
            process.destroyForcibly().onExit().join();
        }
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static final String NGINX = """
            daemon off;
            worker_processes 1;
            error_log @folder@/nginx.error;
            pid @folder@/nginx.pid;
            events { worker_connections 1000; }
            http {
              access_log off;
              client_body_temp_path @folder@/nginx-body;
              proxy_temp_path @folder@/nginx-proxy;
              fastcgi_temp_path @folder@/nginx-fastcgi;
              uwsgi_temp_path @folder@/nginx-uwsgi;
              scgi_temp_path @folder@/nginx-scgi;
              server {
                listen 127.0.0.1:@port@;
                location / {
                  add_header X-Seen "$request_method $request_uri" always;
                  return 200 "ok";
                }
              }
            }
            """;

    private static final String APACHE = """
            ServerName a
            ServerRoot @folder@
            PidFile @folder@/apache.pid
            ErrorLog @folder@/apache.error
            Listen 127.0.0.1:@port@
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
            LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
            LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so
            DocumentRoot @folder@
            TraceEnable off
            RewriteEngine on
            RewriteCond %{THE_REQUEST} "^([^ ]+) ([^ ]+) "
            RewriteRule ^ - [E=SEEN:%1\\ %2,R=200,L]
            Header always set X-Seen "%{SEEN}e" env=SEEN
            """;

    private static final String HAPROXY = """
            global
              log /dev/null local0
            defaults
              mode http
              option http-buffer-request
              timeout client 60s
              timeout http-request 60s
              timeout connect 5s
              timeout server 60s
            frontend a
              bind 127.0.0.1:@port@
              http-request return status 200 content-type text/plain string ok hdr X-Seen "%[method] %[pathq]"
            """;

    private static final String NODE = """
            require('node:http').createServer((request, response) => {
              let length = 0;
              request.on('data', part => length += part.length);
              request.on('end', () => {
                response.setHeader('X-Seen', request.method + ' ' + request.url + ' ' + length);
                response.end('ok');
              });
            }).listen(@port@, '127.0.0.1');
            """;
}
