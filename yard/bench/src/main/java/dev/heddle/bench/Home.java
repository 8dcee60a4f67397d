package dev.heddle.bench;

import java.nio.file.Path;

/** The places of this module's files. */
final class Home {

    /** The directory of the module: what yard/bench/run says, or the current one. */
    private static final Path MODULE = Path.of(System.getProperty("heddle.bench.home", "")).toAbsolutePath();

    private static final Path ROOT = MODULE.resolve("../..").normalize();

    static final Path C_SOURCES = MODULE.resolve("src/main/c");
    static final Path C_BUILD = MODULE.resolve("target/c");
    static final Path TLS = MODULE.resolve("target/tls");
    static final Path LUA_SOURCES = MODULE.resolve("src/main/lua");
    static final Path PYTHON_SOURCES = MODULE.resolve("src/main/python");
    static final Path KOTLIN_BUILD = MODULE.resolve("kotlin/target");
    static final Path JOBS_BUILD = MODULE.resolve("jobs/target");
    static final Path NODE_SOURCES = MODULE.resolve("src/main/node");
    static final Path NODE_MODULES = MODULE.resolve("target/node");
    static final Path FLAMES = MODULE.resolve("target/flames");
    static final Path GATE = MODULE.resolve("gate.txt");
    static final Path UPLOADS = MODULE.resolve("target/uploads");
    static final Path START_CACHE = MODULE.resolve("target/start-cache");
    static final Path DOCUMENTS = ROOT.resolve("docs/reports/documents.md");
    static final Path PROFILES = ROOT.resolve("docs/reports/profiles.md");
    static final Path LOSSES = MODULE.resolve("losses.txt");
    static final Path GOALS = MODULE.resolve("goals.txt");
    static final Path FIGURES = ROOT.resolve("yard/figures");
    static final Path PERFORMANCE = ROOT.resolve("docs/performance.md");

    private Home() {}
}
