module example.com/api

go 1.24.0

toolchain go1.25.3
