/** Heddle's metrics as meters of Micrometer. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer's jars are no modules yet
module dev.heddle.observe.micrometer {
    requires transitive micrometer.core;
    requires dev.heddle.observe;
    requires static org.jspecify;

    exports dev.heddle.observe.micrometer;
}
