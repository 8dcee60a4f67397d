/** The kernel of Heddle: loops, tasks, groups, cancel scopes, channels and the portable engine. */
@SuppressWarnings("module") // the engines of Linux are not known here
module dev.heddle.core {
    requires static org.jspecify;
    requires static java.instrument;
    requires jdk.unsupported;

    exports dev.heddle;
    exports dev.heddle.engine;
    exports dev.heddle.internal to
            java.instrument, // calls the agent
            dev.heddle.linux, // asks for descriptors and addresses
            dev.heddle.process; // hands bodies over ahead of their turn
    exports dev.heddle.sync;

    uses dev.heddle.engine.EngineProvider;
}
