import module java.base;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import sun.misc.Unsafe;

/**
 * A look for false sharing: on which lines of the cache the objects lie that each loop of a server writes all the time,
 * after collections have moved them. {@code yard/models/loops/run layout} prints the lines that have some of two loops.
 *
 * <p>An address is read as an element of an array, which is one only without compressed references.
 */
void main() {
    Config patient = Config.DEFAULT.withBlockedAfter(Duration.ofMinutes(1));
    Heddle.run(patient.withLoops(LOOPS), () -> {
        HttpServer server = HttpServer.builder().get("/", request -> Response.text("Hello")).build();
        server.startOnAllLoops("127.0.0.1", 0);
        for (int i = 0; i < CONNECTIONS; i++) {
            try (ByteStream stream = Tcp.connect("127.0.0.1", server.port())) {
                stream.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                stream.readAll(1024);
            }
        }
        long before = collections();
        while (collections() - before < COLLECTIONS) {
            garbage = new byte[GARBAGE];
        }
        Map<Long, Map<String, List<String>>> lines = new TreeMap<>();
        for (Loop loop : Heddle.currentLoop().siblings()) {
            for (String path : WRITTEN_BY_A_LOOP) {
                put(lines, loop, path, follow(loop, path));
            }
        }
        var parts = (Map<?, ?>) follow(server, "runs.loops");
        parts.forEach((loop, part) -> {
            for (String path : WRITTEN_BY_A_SERVER) {
                put(lines, (Loop) loop, path, follow(part, path));
            }
        });
        long shared = lines.values().stream().filter(loops -> loops.size() > 1).count();
        lines.values().stream().filter(loops -> loops.size() > 1).forEach(System.out::println);
        System.out.println(shared + " of " + lines.size() + " lines have objects of two loops");
        server.stop(Duration.ofSeconds(1));
    });
}

static final int LOOPS = 8;
static final int CONNECTIONS = 256;
static final int COLLECTIONS = 40;
static final int GARBAGE = 32 * 1024;
static final int LINE = 64;

static final List<String> WRITTEN_BY_A_LOOP = List.of("counters", "taskIds", "paceLane", "openCancels", "tasks",
        "scheduler", "scheduler.ready", "scheduler.ready.ring", "scheduler.inbox", "scheduler.timers",
        "scheduler.looks");

static final List<String> WRITTEN_BY_A_SERVER = List.of("meter.counts", "parsers", "buffers", "connections", "date");

static final Unsafe UNSAFE = unsafe();

static byte[] garbage;

static Unsafe unsafe() {
    try {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
    }
}

static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(each -> each.getCollectionCount()).sum();
}

static Object follow(Object from, String path) {
    Object at = from;
    for (String name : path.split("\\.")) {
        at = value(at, name);
    }
    return at;
}

static Object value(Object of, String name) {
    for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals(name)) {
                try {
                    field.setAccessible(true);
                    return field.get(of);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
    throw new IllegalStateException(of.getClass() + " has no " + name + ": has it another name now?");
}

static void put(Map<Long, Map<String, List<String>>> lines, Loop loop, String what, Object object) {
    Object[] holder = {object};
    long begin = UNSAFE.getLong(holder, (long) UNSAFE.arrayBaseOffset(Object[].class));
    long end = begin + bytes(object) - 1;
    for (long line = begin / LINE; line <= end / LINE; line++) {
        lines.computeIfAbsent(line, key -> new TreeMap<>())
                .computeIfAbsent(loop.name(), key -> new ArrayList<>())
                .add(what);
    }
}

/** The bytes up to the end of the last field, as if each had eight. */
static long bytes(Object object) {
    Class<?> type = object.getClass();
    if (type.isArray()) {
        return UNSAFE.arrayBaseOffset(type) + (long) UNSAFE.arrayIndexScale(type) * Array.getLength(object);
    }
    long end = 0;
    for (; type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                end = Math.max(end, UNSAFE.objectFieldOffset(field) + Long.BYTES);
            }
        }
    }
    return end;
}
