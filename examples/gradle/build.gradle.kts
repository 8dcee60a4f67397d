// A program of one's own: copy this folder, then "gradle run --args=https://example.org/", or "gradle build" and
// build/distributions/pages.tar. Gradle 9.1 or later, which may itself run on a JDK from 17.
plugins {
    application
}

repositories {
    mavenLocal() // where "heddle install" puts Heddle, until a release is out
    mavenCentral()
}

java {
    toolchain {
        languageVersion = JavaLanguageVersion.of(25)
    }
}

dependencies {
    implementation(platform("dev.heddle:heddle-bom:0.1.0-SNAPSHOT"))
    implementation("dev.heddle:heddle-http") // brings net and core
    runtimeOnly("dev.heddle:heddle-linux") // epoll and io_uring, used where they work
    testImplementation("dev.heddle:heddle-sim")
    testImplementation("org.junit.jupiter:junit-jupiter:5.14.4")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher:1.14.4")
}

val flags = listOf(
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)

application {
    mainClass = "Pages"
    applicationDefaultJvmArgs = flags // of "gradle run" and of the start scripts
}

tasks.test {
    useJUnitPlatform()
    jvmArgs(flags)
}
