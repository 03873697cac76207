package centralstore

import "testing"

func TestADatabasesNameShowsNoPassword(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://parvis@db1,db2:5433/parvis?sslmode=require":     "postgres://parvis@db1,db2:5433/parvis",
		"postgresql://parvis:open%20sesame@db1/parvis?password=two": "postgresql://parvis@db1/parvis",
		"host=db1 user=parvis password=sesame":                      "PostgreSQL",
		"postgres://parvis:sesame@db1:port/parvis":                  "PostgreSQL",
		"mysql://parvis:sesame@db1/parvis":                          "PostgreSQL",
	} {
		if got := DatabaseName(address); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
